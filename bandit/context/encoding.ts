import { type ContextSchema, dimensionOf, type Feature, type FeatureValue, widthOf } from './features.ts'
import { fillSlots } from './fill-slots.ts'

/** What a request says of itself, by feature. */
export type Context = Readonly<Record<string, FeatureValue>>

export type Encoded =
  | { readonly status: 'encoded'; readonly features: Float64Array }
  /** `detail` says what was expected. */
  | { readonly status: 'unknown' | 'missing' | 'invalid'; readonly feature: string; readonly detail: string }

/** Turns the context of a request into numbers, always the same way. */
export interface Encoding {
  readonly schema: ContextSchema
  /** Numbers that a context becomes. */
  readonly dimension: number
  /** Whole thousandths from −1 to 1, the first always 1. */
  encode(context: Context | undefined): Encoded
}

interface Place {
  readonly feature: Feature
  readonly at: number
  readonly width: number
}

/**
 * The slots are 1, then the features in the order of their names, then the products of each interaction, row by
 * row. Everything is rounded to thousandths, so that a product of two slots is a whole number of millionths and
 * sums of products are exact, see `linear/sums.ts`.
 */
export function createEncoding(schema: ContextSchema): Encoding {
  const places = placesOf(schema.features)
  const dimension = dimensionOf(schema)
  const interactions = schema.interactions.map(([a, b]) => [places.get(a)!, places.get(b)!] as const)

  return {
    schema,
    dimension,
    encode(context = {}) {
      for (const name in context) {
        if (places.has(name)) continue
        const detail = `known features are ${[...places.keys()].join(', ')}: take this one out`
        return { status: 'unknown', feature: name, detail }
      }
      const slots = new Float64Array(dimension)
      slots[0] = 1
      for (const [name, { feature, at }] of places) {
        const value = Object.hasOwn(context, name) ? context[name]! : feature.missing
        if (value === undefined)
          return { status: 'missing', feature: name, detail: `${name} is missing: add it, it has no default` }
        const expected = fillSlots(slots, at, feature, value)
        if (expected !== undefined) return { status: 'invalid', feature: name, detail: expected }
      }
      for (let at = 0; at < slots.length; at++) slots[at] = toThousandths(slots[at]!)
      multiply(slots, interactions)
      return { status: 'encoded', features: slots }
    },
  }
}

/** All that the numbers depend on, as text. */
export function definitionOf({ schema: { features, interactions } }: Encoding): string {
  const sorted = features.toSorted(byName).map((feature) => Object.entries(feature).toSorted(byKey))
  return JSON.stringify([sorted, interactions])
}

function placesOf(features: readonly Feature[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  let at = 1
  for (const feature of features.toSorted(byName)) {
    const width = widthOf(feature)
    places.set(feature.name, { feature, at, width })
    at += width
  }
  return places
}

/** Fills the last slots of all. */
function multiply(slots: Float64Array, interactions: readonly (readonly [Place, Place])[]): void {
  let to = slots.length - interactions.reduce((sum, [a, b]) => sum + a.width * b.width, 0)
  for (const [a, b] of interactions) {
    for (let i = 0; i < a.width; i++)
      for (let j = 0; j < b.width; j++) slots[to++] = toThousandths(slots[a.at + i]! * slots[b.at + j]!)
  }
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

function byName(a: Feature, b: Feature): number {
  return a.name < b.name ? -1 : 1
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
