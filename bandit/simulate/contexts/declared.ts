import { type Context, createEncoding } from '../../context/encoding.ts'
import type { Feature, FeatureValue } from '../../context/features.ts'
import { fillSlots } from '../../context/fill-slots.ts'
import { sampleNormal } from '../sampling.ts'
import type { Uniform } from '../streams.ts'
import type { DeclaredContexts, Effects } from './context-law.ts'
import type { Contexts } from './contexts.ts'

/** Numbers with a range are uniform over it, others normal, booleans true half of the time. */
export function declareContexts(
  { schema, traffic, effects }: DeclaredContexts,
  arms: number,
  uniform: Uniform,
): Contexts {
  const encoding = createEncoding(schema)
  const draws = schema.features.map(
    (feature) => [feature.name, toDraw(feature, traffic[feature.name])] as const,
  )
  const shiftOf = Array.from({ length: arms }, (_, arm) => toShift(schema.features, effects[arm] ?? {}))
  const shifts = new Float64Array(arms)
  return {
    dimension: encoding.dimension,
    shifts,
    next() {
      const context: Record<string, FeatureValue> = {}
      for (const [name, draw] of draws) context[name] = draw(uniform)
      for (let arm = 0; arm < arms; arm++) shifts[arm] = shiftOf[arm]!(context)
      const encoded = encoding.encode(context)
      if (encoded.status !== 'encoded') throw new RangeError(`${encoded.feature}: ${encoded.detail}`)
      return encoded.features
    },
  }
}

type Weights = Readonly<Record<string, number>>

function toDraw(feature: Feature, weights: Weights | undefined): (uniform: Uniform) => FeatureValue {
  switch (feature.kind) {
    case 'range':
      return (uniform) => feature.low + (feature.high - feature.low) * uniform()
    case 'standard':
      return (uniform) => feature.mean + feature.deviation * sampleNormal(uniform)
    case 'boolean': {
      const draw = toChoice(weights ?? { true: 1, false: 1 })
      return (uniform) => draw(uniform) === 'true'
    }
    case 'category':
      return toChoice(weights ?? Object.fromEntries(feature.values.map((value) => [value, 1])))
    case 'text':
      if (weights === undefined) throw new RangeError(`Nobody has said which texts ${feature.name} may be`)
      return toChoice(weights)
  }
}

function toChoice(weights: Weights): (uniform: Uniform) => string {
  const entries = Object.entries(weights)
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
  return (uniform) => {
    let left = uniform() * total
    for (const [text, weight] of entries) {
      left -= weight
      if (left < 0) return text
    }
    return entries.at(-1)![0]
  }
}

/** What a context adds to the mean of an arm with these effects. */
function toShift(features: readonly Feature[], effects: Effects): (context: Context) => number {
  const known = features.filter(({ name }) => Object.hasOwn(effects, name))
  const slot = new Float64Array(1)
  return (context) => {
    let shift = 0
    for (const feature of known) {
      const effect = effects[feature.name]!
      const value = context[feature.name]!
      if (typeof effect === 'number') {
        fillSlots(slot, 0, feature, value)
        shift += effect * slot[0]!
      } else if (typeof value === 'string') {
        shift += Object.hasOwn(effect, value) ? effect[value]! : 0
      }
    }
    return shift
  }
}
