/**
 * @typedef {import('../shape.ts').ConsoleUpdate} ConsoleUpdate
 * @typedef {import('../shape.ts').EndpointPicture} EndpointPicture
 * @typedef {import('../shape.ts').HistoryPoint} HistoryPoint
 */

const keptDecisions = 50
const keptEvents = 100
const keptPoints = 720
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
 * An hour at most; of too many points the older half loses every second one.
 *
 * @param {readonly HistoryPoint[]} points
 */
function bounded(points) {
  const newest = points.at(-1)?.at ?? 0
  const recent = points.filter(({ at }) => at > newest - hourMs)
  if (recent.length <= keptPoints) return recent
  return recent.filter((_, index) => index >= keptPoints / 2 || index % 2 === 0)
}
