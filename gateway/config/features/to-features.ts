import type { FeatureConfig, FeatureSourceConfig } from './features.ts'
import type { FeatureInput, FeatureSourceInput } from './features-schema.ts'

export function toFeatures(sources: Readonly<Record<string, FeatureSourceInput>>): FeatureSourceConfig[] {
  return Object.entries(sources).map(([name, source]) => ({
    name,
    at: toPlace(source),
    keys: keysOf(source),
    features: Object.entries(source.values).map(([feature, input]) => toFeature(feature, input)),
    timeoutMs: source.timeout,
    cache: source.cache && { forMs: source.cache.for, size: source.cache.size },
  }))
}

/** Fields of the request that a source asks by. */
export function keysOf({ key = '', entities = {} }: Pick<FeatureSourceInput, 'key' | 'entities'>): string[] {
  const inKey = [...key.matchAll(keyField)].map(([, field]) => field!)
  return [...new Set([...inKey, ...Object.values(entities)])]
}

const keyField = /\{([^{}]+)\}/g

function toPlace(source: FeatureSourceInput): FeatureSourceConfig['at'] {
  const { redis, key, password_variable: passwordVariable, feast, entities = {}, headers = {} } = source
  return redis === undefined
    ? { kind: 'feast', url: feast!, entities, headers }
    : { kind: 'redis', url: redis, key: key!, passwordVariable }
}

function toFeature(name: string, input: FeatureInput): FeatureConfig {
  if (typeof input === 'string') return { name, from: name, type: input, default: undefined }
  return { name, from: input.from ?? name, type: input.type, default: input.default }
}
