/** One feature of a request as the policy sees it. */
export type FeatureValue = number | boolean | string

interface Declared {
  readonly name: string
  /** Stands in where a request does not say; without it such a request is refused. */
  readonly missing?: FeatureValue | undefined
}

/** A number in a known range: (v − low) / (high − low), values outside it as its ends. One slot, 0 to 1. */
export interface RangeFeature extends Declared {
  readonly kind: 'range'
  readonly low: number
  readonly high: number
}

/** A number that is spread around a mean: (v − mean) / (3 deviations), cut off at ±1. One slot. */
export interface StandardFeature extends Declared {
  readonly kind: 'standard'
  readonly mean: number
  readonly deviation: number
}

/** One of the listed texts: a slot each, of which one is 1. */
export interface CategoryFeature extends Declared {
  readonly kind: 'category'
  readonly values: readonly string[]
  /** What becomes of a text that is not listed: it gets a slot that all such share, or the request is refused. */
  readonly unlisted: 'other' | 'refuse'
}

/** Any text: its hash names one of `buckets` slots, and whether that is 1 or −1. */
export interface TextFeature extends Declared {
  readonly kind: 'text'
  readonly buckets: number
}

/** One slot, 0 or 1. */
export interface BooleanFeature extends Declared {
  readonly kind: 'boolean'
}

export type Feature = RangeFeature | StandardFeature | CategoryFeature | TextFeature | BooleanFeature

/** What a request may say of itself to an endpoint whose policy listens. */
export interface ContextSchema {
  readonly features: readonly Feature[]
  /** Names of two features whose slots are multiplied, each with each. */
  readonly interactions: readonly (readonly [string, string])[]
}

/** Slots that a feature takes up. */
export function widthOf(feature: Feature): number {
  switch (feature.kind) {
    case 'range':
    case 'standard':
    case 'boolean':
      return 1
    case 'category':
      return feature.values.length + (feature.unlisted === 'other' ? 1 : 0)
    case 'text':
      return feature.buckets
  }
}

/** Slots of all features, of their interactions, and one that is always 1. */
export function dimensionOf({ features, interactions }: ContextSchema): number {
  const widths = new Map(features.map((feature) => [feature.name, widthOf(feature)]))
  const own = [...widths.values()].reduce((sum, width) => sum + width, 0)
  return interactions.reduce((sum, [a, b]) => sum + (widths.get(a) ?? 0) * (widths.get(b) ?? 0), 1 + own)
}

/** Sums over contexts grow with the square of the dimension. */
export const maxDimension = 128

/** Where silence is learned by context: what it is worth goes to the store with every flush of pulls. */
export const maxSilentDimension = 32
