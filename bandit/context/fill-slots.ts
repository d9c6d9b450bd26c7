import { hashText } from './hash-text.ts'
import type { Feature, FeatureValue } from './features.ts'

/** Writes a value into its feature's slots, which are 0, from `at` on. Answers with what was expected if not this. */
export function fillSlots(
  slots: Float64Array,
  at: number,
  feature: Feature,
  value: FeatureValue,
): string | undefined {
  switch (feature.kind) {
    case 'range': {
      const { low, high } = feature
      if (!isNumber(value)) return `expected a number from ${low} to ${high}`
      slots[at] = (Math.min(high, Math.max(low, value)) - low) / (high - low)
      return undefined
    }
    case 'standard': {
      if (!isNumber(value)) return 'expected a number'
      slots[at] = Math.min(1, Math.max(-1, (value - feature.mean) / (deviationsInUnit * feature.deviation)))
      return undefined
    }
    case 'boolean': {
      if (typeof value !== 'boolean') return 'expected true or false'
      slots[at] = value ? 1 : 0
      return undefined
    }
    case 'category': {
      const { values, unlisted } = feature
      const listed = typeof value === 'string' ? values.indexOf(value) : -1
      if (typeof value !== 'string' || (listed < 0 && unlisted === 'refuse'))
        return unlisted === 'refuse' ? `expected one of ${values.join(', ')}` : 'expected text'
      slots[at + (listed < 0 ? values.length : listed)] = 1
      return undefined
    }
    case 'text': {
      if (typeof value !== 'string') return 'expected text'
      // The name goes in, so that what collides in one feature does not in another.
      const hash = hashText(`${feature.name}=${value}`)
      slots[at + ((hash >>> 1) % feature.buckets)] = (hash & 1) === 1 ? 1 : -1
      return undefined
    }
  }
}

/** Nearly all values of a feature lie within so many deviations of its mean. */
const deviationsInUnit = 3

function isNumber(value: FeatureValue): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
