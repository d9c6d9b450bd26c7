/**
 * @typedef {import('../shape.ts').ConsoleUpdate} ConsoleUpdate
 * @typedef {import('../shape.ts').EndpointPicture} EndpointPicture
 * @typedef {import('../shape.ts').HistoryPoint} HistoryPoint
 */

const keptDecisions = 50
const keptEvents = 100
const hourMs = 3_600_000

/**
 * What is known after an update. One that is whole replaces everything, any other goes on from what was known.
 *
 * @param {ConsoleUpdate | undefined} known
 * @param {ConsoleUpdate} update
 * @returns {ConsoleUpdate}
 */
export function merge(known, update) {
  if (update.whole || known === undefined) return update
  const before = new Map(known.endpoints.map((endpoint) => [endpoint.name, endpoint]))
  return { ...update, endpoints: update.endpoints.map((each) => continued(before.get(each.name), each)) }
}

/**
 * @param {EndpointPicture | undefined} before
 * @param {EndpointPicture} now
 * @returns {EndpointPicture}
 */
function continued(before, now) {
  if (before === undefined) return now
  return {
    ...now,
    history: bounded([...before.history, ...now.history]),
    decisions: [...before.decisions, ...now.decisions].slice(-keptDecisions),
    events: [...before.events, ...now.events].slice(-keptEvents),
  }
}

/**
 * As the gateway keeps them: the older, the fewer, and none older than an hour.
 *
 * @param {readonly HistoryPoint[]} points
 */
function bounded(points) {
  const newest = points.at(-1)?.at ?? 0
  /** @type {HistoryPoint[]} */
  const kept = []
  for (const point of points) {
    const age = newest - point.at
    const since = point.at - (kept.at(-1)?.at ?? -Infinity)
    if (age < hourMs && since >= stepAt(age)) kept.push(point)
  }
  return kept
}

/** @param {number} age ms */
function stepAt(age) {
  if (age < 120_000) return 0
  return age < 600_000 ? 4900 : 29_900
}
