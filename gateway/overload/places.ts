import type { ArmConfig, Config } from '../config/config.ts'
import { mostBatches } from '../upstream/concurrency.ts'

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
    ...models.map(({ name, replicas, maxBatch, queue }) => [name, queue + replicas * maxBatch] as const),
    ...remotes.map(
      ({ name, urls, maxBatch, queue }) => [name, queue + urls.length * mostBatches * maxBatch] as const,
    ),
  ])
  return new Map(
    endpoints.map(({ name, arms }) => {
      const used = new Set(arms.flatMap(modelsOf))
      const held = [...used].reduce((sum, model) => sum + (places.get(model) ?? 0), 0)
      // Values that need no model are decided in no time.
      return [name, held === 0 ? Infinity : held + onTheirWay]
    }),
  )
}

function modelsOf(arm: ArmConfig): readonly string[] {
  switch (arm.kind) {
    case 'model':
      return [arm.model]
    case 'ensemble':
      return arm.members.map(({ model }) => model)
    case 'value':
      return []
  }
}
