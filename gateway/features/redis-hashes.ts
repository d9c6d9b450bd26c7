import type { FeatureConfig } from '../config/features/features.ts'
import { parseText } from './parse-value.ts'
import type { Entity, FeatureSource } from './source.ts'

/** As much of a client as is needed. */
export interface HashReader {
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>
  disconnect(): void
}

export interface RedisHashesDeps {
  readonly redis: HashReader
  /** Key of the hash of an entity. */
  readonly toKey: (entity: Entity) => string
  readonly features: readonly FeatureConfig[]
}

/** One hash an entity. All are asked for at once, and travel together. */
export function createRedisHashes({ redis, toKey, features }: RedisHashesDeps): FeatureSource {
  const fields = features.map(({ from }) => from)
  return {
    async read(entities) {
      const hashes = await Promise.all(
        entities.map((entity) => redis.hmget(toKey(entity), ...fields).catch(ofAnotherKind)),
      )
      return hashes.map((texts) => features.map(({ type }, at) => parseText(texts[at], type)))
    },
    close: async () => redis.disconnect(),
  }
}

/**
 * What a caller names may be the key of something else. That is an entity of which nothing is known: were it a fault of the
 * source, a few of them would have everybody's features left out.
 */
function ofAnotherKind(error: unknown): (string | null)[] {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return []
  throw error
}

/** `user:{user_id}` with the values of the fields `keys` put in. */
export function compileKey(template: string, keys: readonly string[]): (entity: Entity) => string {
  const parts = template.split(/\{([^{}]+)\}/)
  const places = parts.map((part, at) => (at % 2 === 1 ? keys.indexOf(part) : -1))
  return (entity) => parts.map((part, at) => (places[at]! < 0 ? part : String(entity[places[at]!]))).join('')
}
