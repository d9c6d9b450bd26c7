import { setText } from './element.js'
import { percent, time } from './format.js'
import { createTable } from './table.js'

/**
 * @typedef {import('../shape.ts').DecisionNote} DecisionNote
 * @typedef {import('../shape.ts').EventNote} EventNote
 */

const reasons = {
  policy: 'drawn by the policy',
  failover: 'another arm failed',
  stale: 'store away, last known state',
}

export function createDecisionTable() {
  return createTable({
    caption: 'Latest decisions',
    empty: 'This gateway has made none yet.',
    /** @param {DecisionNote & { place: number }} row */
    key: ({ place }) => String(place),
    columns: [
      { title: 'Time', text: ({ at }) => time(at) },
      { title: 'Arm', text: ({ arm }) => arm },
      { title: 'Propensity', isNumber: true, text: ({ propensity }) => percent(propensity) },
      { title: 'Policy', text: ({ policy }) => policy },
      {
        title: 'Why',
        paint(cell, { reason }) {
          setText(cell, reasons[reason])
          cell.className = reason === 'policy' ? '' : 'state warn'
        },
      },
    ],
  })
}

/** @type {Record<EventNote['kind'], readonly [level: string, text: (about: string) => string]>} */
const kinds = {
  'arm unavailable': ['bad', (about) => `Arm ${about} cannot answer`],
  'arm back': ['good', (about) => `Arm ${about} is back`],
  'worker restarted': ['warn', (about) => `Worker ${about} was restarted`],
  'worker down': ['bad', (about) => `Worker ${about} is down`],
  'worker up': ['good', (about) => `Worker ${about} is up`],
  'store away': ['bad', () => 'The store is away'],
  'store back': ['good', () => 'The store is back'],
  warning: ['warn', (about) => `Warning: ${about.replaceAll('_', ' ')}`],
  'warning over': ['good', (about) => `No longer: ${about.replaceAll('_', ' ')}`],
}

export function createEventTable() {
  return createTable({
    caption: 'Events',
    empty: 'Nothing has gone wrong since the gateway started.',
    /** @param {EventNote} row */
    key: ({ at, kind, about }) => `${at} ${kind} ${about}`,
    columns: [
      { title: 'Time', text: ({ at }) => time(at) },
      {
        title: 'What',
        paint(cell, { kind, about }) {
          const [level, text] = kinds[kind]
          setText(cell, text(about))
          cell.className = `state ${level}`
        },
      },
    ],
  })
}
