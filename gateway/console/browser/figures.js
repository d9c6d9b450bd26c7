/**
 * @typedef {import('../shape.ts').EndpointPicture} EndpointPicture
 * @typedef {import('../shape.ts').HistoryPoint} HistoryPoint
 * @typedef {import('../shape.ts').ArmNow} ArmNow
 */

const rateOverMs = 10_000
const silentAfterMs = 60_000

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0)

/**
 * The arm most likely best; of equals the one with the greatest mean. Undefined while nothing has been learned.
 *
 * @param {readonly ArmNow[]} arms
 */
export function leaderOf(arms) {
  if (!arms.some(({ rewarded, defaulted }) => rewarded + defaulted > 0)) return undefined
  return arms.toSorted((a, b) => b.probabilityBest - a.probabilityBest || b.mean - a.mean)[0]
}

/**
 * A second, over the last ten: requests answered, and decisions of which feedback came.
 *
 * @param {readonly HistoryPoint[]} history
 */
export function ratesOf(history) {
  const last = history.at(-1)
  if (last === undefined) return { requests: 0, feedback: 0 }
  const first = history.find(({ at }) => at >= last.at - rateOverMs - 500) ?? last
  const seconds = (last.at - first.at) / 1000
  if (seconds <= 0) return { requests: 0, feedback: 0 }
  return {
    requests: Math.max(0, sum(last.pulls) - sum(first.pulls)) / seconds,
    feedback: Math.max(0, sum(last.rewarded) - sum(first.rewarded)) / seconds,
  }
}

/**
 * Reward that a thousand requests cost, in expectation, because not all of them go to the arm believed best.
 *
 * @param {readonly ArmNow[]} arms
 */
export function explorationCost(arms) {
  const best = Math.max(...arms.map(({ mean }) => mean))
  return 1000 * sum(arms.map(({ share, mean }) => share * (best - mean)))
}

/**
 * Expected reward so far as a part of what the best arm alone would have got; undefined where that is nothing.
 *
 * @param {readonly HistoryPoint[]} history
 */
export function gotOf(history) {
  const last = history.at(-1)
  return last !== undefined && last.expected.best > 0 ? last.expected.got / last.expected.best : undefined
}

/**
 * @typedef {{ level: 'good' | 'warn' | 'bad' | 'idle', text: string }} Health
 */

/**
 * The worst that can be said of an endpoint now.
 *
 * @param {EndpointPicture} endpoint
 * @returns {Health}
 */
export function healthOf({ now, history }) {
  const { arms, snapshotAgeMs, holding, warnings } = now
  const down = arms.filter(({ isAvailable }) => !isAvailable).length
  if (down === arms.length) return { level: 'bad', text: 'No arm can answer' }
  if (holding !== undefined) return { level: 'bad', text: 'Store emptied, holding' }
  if (snapshotAgeMs === null || snapshotAgeMs > 5000) return { level: 'bad', text: 'Store away' }
  if (down > 0) return { level: 'warn', text: `${down} of ${arms.length} arms down` }
  const broken = new Set(
    arms.flatMap(({ replicas }) => replicas.filter(({ state }) => state !== 'up').map(idOf)),
  )
  if (broken.size > 0)
    return { level: 'warn', text: `${broken.size} ${broken.size === 1 ? 'replica' : 'replicas'} down` }
  if (isFeedbackSilent(history)) return { level: 'warn', text: 'No feedback for a minute' }
  if (warnings.length > 0) return { level: 'warn', text: 'Settings need a look' }
  if (sum(arms.map(({ pulls }) => pulls)) === 0) return { level: 'idle', text: 'No requests yet' }
  return { level: 'good', text: 'All arms answer' }
}

/**
 * All that somebody should read before the figures.
 *
 * @param {EndpointPicture['now']} now
 */
export function noticesOf({ holding, warnings }) {
  if (holding === undefined) return warnings
  const { rewarded, inStore } = holding
  const notice = `The store was emptied: it has ${inStore} rewards of ${rewarded}, and this gateway decides by those ${rewarded} until they are back, or bandit checkpoint forget says otherwise.`
  return [notice, ...warnings]
}

/** @param {{ model: string, replica: number }} replica */
const idOf = ({ model, replica }) => `${model}/${replica}`

/**
 * True when requests came all through the last minute and no feedback did.
 *
 * @param {readonly HistoryPoint[]} history
 */
function isFeedbackSilent(history) {
  const last = history.at(-1)
  const before = last && history.findLast(({ at }) => at <= last.at - silentAfterMs)
  if (last === undefined || before === undefined) return false
  return sum(last.pulls) > sum(before.pulls) && sum(last.rewarded) === sum(before.rewarded)
}
