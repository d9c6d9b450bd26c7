import type { Config } from '../config/config.ts'
import { modelsOfEndpoint } from '../config/models-of.ts'

/** While as many wait and are computed, others are being read, recorded or answered. */
const onTheirWay = 2

/** By endpoint, how many predictions its models and their queues can hold at once. More would be refused later, at a higher price. */
export function placesOf({ models, endpoints }: Pick<Config, 'models' | 'endpoints'>): Map<string, number> {
  const places = new Map(
    models.map(({ name, replicas, maxBatch, queue }) => [name, queue + replicas * maxBatch]),
  )
  return new Map(
    endpoints.map((endpoint) => {
      const used = modelsOfEndpoint(endpoint)
      const held = [...used].reduce((sum, model) => sum + (places.get(model) ?? 0), 0)
      // Values that need no model are decided in no time.
      return [endpoint.name, held === 0 ? Infinity : onTheirWay * held]
    }),
  )
}
