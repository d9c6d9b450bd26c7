import { element, setText } from './element.js'
import { count, duration, percent, reward } from './format.js'
import { createTable } from './table.js'

/**
 * @typedef {import('../shape.ts').ArmNow} ArmNow
 * @typedef {ArmNow & { colour: string, isLeader: boolean, from: number, to: number }} ArmRow from and to are where the
 *   scale of the interval begins and ends
 */

/**
 * @param {HTMLElement} cell
 * @param {() => Element[]} make
 */
function parts(cell, make) {
  if (cell.children.length === 0) cell.append(...make())
  return /** @type {HTMLElement[]} */ ([...cell.children])
}

const heldTexts = { paused: 'Paused', quarantined: 'Quarantined', rolled_back: 'Rolled back' }

/** @type {import('./table.js').Column<ArmRow>[]} */
const columns = [
  {
    title: 'Arm',
    paint(cell, { name, colour, isLeader }) {
      const make = () => [
        element('i', { class: 'swatch' }),
        element('span'),
        element('em', { class: 'badge' }, 'leads'),
      ]
      const [swatch, text, badge] = parts(cell, make)
      if (swatch) swatch.style.background = colour
      if (text) setText(text, name)
      if (badge) badge.hidden = !isLeader
    },
  },
  {
    title: 'State',
    paint(cell, { isAvailable, held }) {
      const text = held === undefined ? (isAvailable ? 'Up' : 'Unavailable') : heldTexts[held]
      setText(cell, text)
      cell.className = text === 'Up' ? 'state good' : 'state bad'
    },
  },
  { title: 'Mean', isNumber: true, text: ({ mean }) => reward(mean) },
  {
    title: '5–95 % interval',
    paint(cell, { interval: [low, high], mean, from, to, colour }) {
      const make = () => [
        element('span', { class: 'range' }, element('i'), element('b')),
        element('span', { class: 'range-text' }),
      ]
      const [graph, text] = parts(cell, make)
      const [bar, dot] = /** @type {HTMLElement[]} */ ([...(graph?.children ?? [])])
      const at = (/** @type {number} */ value) => `${(100 * (value - from)) / Math.max(1e-12, to - from)}%`
      if (bar)
        Object.assign(bar.style, { left: at(low), right: `calc(100% - ${at(high)})`, background: colour })
      if (dot) Object.assign(dot.style, { left: at(mean), background: colour })
      if (text) setText(text, `${reward(low)}–${reward(high)}`)
    },
  },
  { title: 'P(best)', isNumber: true, text: ({ probabilityBest }) => percent(probabilityBest) },
  {
    title: 'Share',
    isNumber: true,
    paint(cell, { share, wantedShare = share, colour }) {
      const make = () => [element('span', { class: 'meter' }, element('i')), element('span')]
      const [meter, text] = parts(cell, make)
      const fill = meter?.firstElementChild
      if (fill instanceof HTMLElement)
        Object.assign(fill.style, { width: `${100 * share}%`, background: colour })
      const isHeld = percent(wantedShare) !== percent(share)
      if (text) setText(text, isHeld ? `${percent(share)} → ${percent(wantedShare)}` : percent(share))
    },
  },
  { title: 'Pulls', isNumber: true, text: ({ pulls }) => count(pulls) },
  { title: 'Rewarded', isNumber: true, text: ({ rewarded }) => count(rewarded) },
  { title: 'Waiting', isNumber: true, text: ({ pending }) => count(pending) },
  {
    title: 'Delay 50 · 90 · 99 %',
    isNumber: true,
    text: ({ delay }) => (delay ? [delay.p50Ms, delay.p90Ms, delay.p99Ms].map(duration).join(' · ') : '–'),
  },
  {
    title: 'Replicas',
    paint(cell, { replicas }) {
      const down = replicas.filter(({ state }) => state !== 'up')
      const restarts = replicas.reduce((sum, replica) => sum + replica.restarts, 0)
      const states = down.map(({ model, replica, state }) => `${model}/${replica} ${state}`).join(', ')
      const text = states === '' ? `${replicas.length} up` : states
      setText(cell, restarts === 0 ? text : `${text}, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`)
      cell.className = down.length > 0 ? 'state bad' : 'state'
    },
  },
]

export function createArmTable() {
  return createTable({ caption: 'Arms', columns, key: ({ name }) => name })
}
