/** Features that are fetched from one place for the keys in a request. */
export interface FeatureSourceConfig {
  /** In metrics, answers and the log. */
  readonly name: string
  readonly at: RedisHashesConfig | FeastConfig
  /** Fields of the request that say whose features are meant. */
  readonly keys: readonly string[]
  readonly features: readonly FeatureConfig[]
  /** After this the defaults stand in. */
  readonly timeoutMs: number
  readonly cache: CacheConfig | undefined
}

export interface RedisHashesConfig {
  readonly kind: 'redis'
  readonly url: string
  /** Environment variable that holds the password. */
  readonly passwordVariable: string | undefined
  /** Key of a hash, with `{field}` where a field of the request stands. */
  readonly key: string
}

export interface FeastConfig {
  readonly kind: 'feast'
  readonly url: string
  /** Join key → field of the request. */
  readonly entities: Readonly<Record<string, string>>
  /** Header → environment variable that holds its value. */
  readonly headers: Readonly<Record<string, string>>
}

export interface CacheConfig {
  readonly forMs: number
  /** Keys that are remembered at most. */
  readonly size: number
}

export interface FeatureConfig {
  /** That preprocessing knows it by. */
  readonly name: string
  /** Field of the hash, or `view:feature` of Feast. */
  readonly from: string
  readonly type: FeatureType
  /** Undefined = it is missing then, and preprocessing says what becomes of that. */
  readonly default: number | string | boolean | undefined
}

export const featureTypes = ['number', 'text', 'boolean'] as const
export type FeatureType = (typeof featureTypes)[number]
