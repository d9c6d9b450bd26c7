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

export function createEventTable() {
  return createTable({
    caption: 'Events',
    empty: 'Nothing has gone wrong since the gateway started.',
    /** @param {EventNote} row */
    key: ({ id }) => id,
    columns: [
      { title: 'Time', text: ({ at }) => time(at) },
      {
        title: 'What',
        paint(cell, { level, detail }) {
          setText(cell, detail)
          cell.className = level === 'info' ? 'words' : `words state ${level}`
        },
      },
    ],
  })
}
