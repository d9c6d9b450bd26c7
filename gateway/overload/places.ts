import type { Config } from '../config/config.ts'
import { modelsOf } from '../config/models/models-of.ts'
import { mostBatches } from '../upstream/replicas/concurrency.ts'

/**
 * Beside those that wait and are computed, others are being read, recorded or answered. More of them than that would find
 * the queue full once they get there, when most of their work is done.
 */
const onTheirWay = 32

/** By endpoint, how many predictions its models and their queues can hold at once. More would be refused later, at a higher price. */
export function placesOf({
  models,
  remotes,
  endpoints,
}: Pick<Config, 'models' | 'remotes' | 'endpoints'>): Map<string, number> {
  const places = new Map([
    ...models.map(
      ({ name, replicas, maxBatch, queue }) => [name, { queue, runs: replicas * maxBatch }] as const,
    ),
    ...remotes.map(
      ({ name, urls, maxBatch, queue }) =>
        [name, { queue, runs: urls.length * mostBatches * maxBatch }] as const,
    ),
  ])
  return new Map(
    endpoints.map(({ name, arms, queue }) => {
      const used = [...new Set(arms.flatMap(modelsOf))].flatMap((model) => places.get(model) ?? [])
      const queues = used.reduce((sum, each) => sum + each.queue, 0)
      // A call of an ensemble waits in several queues, and not in the endpoint's.
      const waits = arms.some(({ kind }) => kind === 'ensemble') ? queues : Math.min(queue, queues)
      const held = used.reduce((sum, { runs }) => sum + runs, waits)
      // Values that need no model are decided in no time.
      return [name, held === 0 ? Infinity : held + onTheirWay]
    }),
  )
}
