import type { ContextSchema, Feature } from '../../../bandit/index.ts'
import type { ContextInput } from './context-schema.ts'

export function toContext({ features, interactions }: ContextInput): ContextSchema {
  return {
    features: Object.entries(features).map(([name, feature]) => toFeature(name, feature)),
    interactions,
  }
}

function toFeature(name: string, feature: ContextInput['features'][string]): Feature {
  const { missing } = feature
  switch (feature.type) {
    case 'number': {
      const { range, mean = 0, deviation = 1 } = feature
      if (range === undefined) return { kind: 'standard', name, mean, deviation, missing }
      return { kind: 'range', name, low: range[0], high: range[1], missing }
    }
    case 'category':
      return { kind: 'category', name, values: feature.values, unlisted: feature.unlisted, missing }
    case 'text':
      return { kind: 'text', name, buckets: feature.buckets, missing }
    case 'boolean':
      return { kind: 'boolean', name, missing }
  }
}
