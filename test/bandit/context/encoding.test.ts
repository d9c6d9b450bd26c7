import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncoding, definitionOf, type Context } from '../../../bandit/context/encoding.ts'
import { dimensionOf, type ContextSchema, type Feature } from '../../../bandit/context/features.ts'
import { hashText } from '../../../bandit/context/hash-text.ts'
import { generationOf } from '../../../bandit/generation.ts'

const age: Feature = { kind: 'range', name: 'age', low: 20, high: 60, missing: 30 }
const spend: Feature = { kind: 'standard', name: 'spend', mean: 100, deviation: 20 }
const country: Feature = { kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'other' }
const strict: Feature = { kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'refuse' }
const member: Feature = { kind: 'boolean', name: 'member' }
const query: Feature = { kind: 'text', name: 'query', buckets: 4 }

const only = (feature: Feature) => createEncoding({ features: [feature], interactions: [] })

function numbers(schema: ContextSchema, context: Context): number[] {
  const encoded = createEncoding(schema).encode(context)
  if (encoded.status !== 'encoded') throw new Error(encoded.detail)
  return [...encoded.features]
}

describe('a feature becomes', () => {
  test.each<[Feature, Context, number[]]>([
    [age, { age: 20 }, [1, 0]],
    [age, { age: 50 }, [1, 0.75]],
    [age, { age: 60 }, [1, 1]],
    [age, { age: 1e300 }, [1, 1]],
    [age, { age: -7 }, [1, 0]],
    [age, {}, [1, 0.25]],
    // Two thirds of a unit, to the thousandth.
    [spend, { spend: 140 }, [1, 0.667]],
    [spend, { spend: 100 }, [1, 0]],
    [spend, { spend: -1e9 }, [1, -1]],
    [country, { country: 'DE' }, [1, 1, 0, 0]],
    [country, { country: 'FR' }, [1, 0, 1, 0]],
    [country, { country: 'IT' }, [1, 0, 0, 1]],
    [country, { country: '' }, [1, 0, 0, 1]],
    [strict, { country: 'FR' }, [1, 0, 1]],
    [member, { member: true }, [1, 1]],
    [member, { member: false }, [1, 0]],
  ])('%j of %j: %j', (feature, context, expected) => {
    expect(numbers({ features: [feature], interactions: [] }, context)).toEqual(expected)
  })

  test.each<[Feature, Context, string, string]>([
    [age, { age: '30' }, 'invalid', 'expected a number from 20 to 60'],
    [age, { age: Number.NaN }, 'invalid', 'expected a number from 20 to 60'],
    [spend, { spend: true }, 'invalid', 'expected a number'],
    [spend, {}, 'missing', 'spend is missing: add it, it has no default'],
    [country, { country: 7 }, 'invalid', 'expected text'],
    [strict, { country: 'IT' }, 'invalid', 'expected one of DE, FR'],
    [member, { member: 1 }, 'invalid', 'expected true or false'],
    [query, { query: 1 }, 'invalid', 'expected text'],
    [member, { member: true, age: 3 }, 'unknown', 'known features are member: take this one out'],
    [member, { constructor: true }, 'unknown', 'known features are member: take this one out'],
  ])('nothing: %j of %j is %s', (feature, context, status, detail) => {
    expect(only(feature).encode(context)).toMatchObject({ status, detail })
  })
})

test('slots go by name, and interactions come last, each slot with each', () => {
  const schema = {
    features: [member, country, age],
    interactions: [
      ['country', 'age'],
      ['member', 'member'],
    ],
  } as const
  expect(dimensionOf(schema)).toBe(1 + 1 + 3 + 1 + 3 + 1)
  expect(numbers(schema, { age: 50, country: 'FR', member: true })).toEqual([
    1, 0.75, 0, 1, 0, 1, 0, 0.75, 0, 1,
  ])
})

describe('hashed text', () => {
  test('hashes the same for ever', () => {
    // FNV-1a of these is 811c9dc5, e40c292c and bf9cf968; what follows is the published finaliser.
    expect(['', 'a', 'foobar'].map(hashText)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968].map(fmix32))
  })

  test('takes one slot, whose sign tells some of those apart that share it', () => {
    const seen = new Set<string>()
    for (let word = 0; word < 500; word++) {
      const [bias, ...slots] = numbers({ features: [query], interactions: [] }, { query: `word ${word}` })
      expect(bias).toBe(1)
      expect(slots.filter((slot) => slot !== 0)).toHaveLength(1)
      seen.add(String(slots))
    }
    expect(seen.size).toBe(8)
  })

  test('spreads words that differ in one letter', () => {
    const counts = Array.from({ length: 16 }, () => 0)
    for (let word = 0; word < 16_000; word++) counts[hashText(`item-${word}`) % 16]!++
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // 15 degrees of freedom: 37.7 is passed once in a thousand.
    expect(chiSquare).toBeLessThan(37.7)
  })
})

const anyValue = fc.oneof(fc.double(), fc.boolean(), fc.string({ unit: 'binary' }))

test('whatever comes is refused, or becomes as many whole thousandths from −1 to 1', () => {
  const schema: ContextSchema = {
    features: [age, { ...spend, missing: 90 }, country, { ...member, missing: false }, query],
    interactions: [
      ['age', 'country'],
      ['query', 'spend'],
    ],
  }
  const encoding = createEncoding(schema)
  const anyContext = fc.record(
    { age: anyValue, spend: anyValue, country: anyValue, query: anyValue },
    { requiredKeys: [] },
  )
  let taken = 0
  fc.assert(
    fc.property(anyContext, fc.string(), fc.double({ noNaN: true }), (context, text, number) => {
      for (const given of [context, { country: text, query: text, age: number, spend: -number }]) {
        const encoded = encoding.encode(given)
        if (encoded.status !== 'encoded') continue
        taken++
        expect(encoded.features).toHaveLength(encoding.dimension)
        for (const slot of encoded.features) {
          expect(Math.abs(slot)).toBeLessThanOrEqual(1)
          expect(Math.round(slot * 1000) / 1000).toBe(slot)
        }
      }
    }),
    { seed: 11, numRuns: 300 },
  )
  expect(taken).toBeGreaterThan(200)
})

describe('the generation', () => {
  const definition = {
    rewardFrom: 'reward',
    labelOutput: undefined,
    combine: 'first',
    defaultMicro: undefined,
    windowMs: 1000,
    bucketMs: 100,
    forgetting: { kind: 'none' },
    bounds: { low: 0, high: 1 },
  } as const
  const generation = (features: readonly Feature[]) =>
    generationOf({ ...definition, encoding: definitionOf(createEncoding({ features, interactions: [] })) })

  test('is another for every change of what the numbers mean, and not for the order of the file', () => {
    const known = generation([age, country])
    expect(generation([country, age])).toBe(known)
    const changed = [
      [age],
      [{ ...age, high: 61 }, country],
      [{ ...age, missing: 31 }, country],
      [age, strict],
      [age, { ...country, values: ['FR', 'DE'] }],
    ] as const
    const others = changed.map((features) => generation(features))
    expect(new Set([known, generationOf(definition), ...others]).size).toBe(changed.length + 2)
  })
})

/** The finaliser of MurmurHash3 as published, in whole numbers. */
function fmix32(start: number): number {
  const mask = 0xffffffffn
  let hash = BigInt(start)
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & mask
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & mask
  return Number(hash ^ (hash >> 16n))
}
