import { expect, test } from 'vitest'
import type { ContextLaw } from '../../../../bandit/simulate/contexts/context-law.ts'
import { createContexts } from '../../../../bandit/simulate/contexts/create-contexts.ts'
import { createStream } from '../../../../bandit/simulate/streams.ts'
import { chiSquare, oncePerMillion } from '../../support/chi-square.ts'

const draw = (law: ContextLaw, arms: number, count: number) => {
  const contexts = createContexts(law, arms, createStream(6, 0, 'contexts'))
  return Array.from({ length: count }, () => {
    const features = [...contexts.next()]
    expect(features).toHaveLength(contexts.dimension)
    return { features, shifts: [...contexts.shifts] }
  })
}

const declared = (changes: object): ContextLaw => ({
  kind: 'declared',
  schema: {
    features: [
      { kind: 'range', name: 'age', low: 20, high: 60 },
      { kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'other' },
      { kind: 'boolean', name: 'member' },
      { kind: 'standard', name: 'spend', mean: 50, deviation: 10 },
    ],
    interactions: [['country', 'member']],
  },
  traffic: {},
  effects: [],
  ...changes,
})

test('declared features are encoded as a gateway does, and come as often as is said', () => {
  const traffic = { country: { DE: 1, FR: 2, AT: 1 }, member: { true: 1, false: 3 } }
  const drawn = draw(declared({ traffic }), 1, 8000).map(({ features }) => features)
  for (const [one, age, de, fr, other, member, , ...products] of drawn) {
    expect(one).toBe(1)
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThanOrEqual(1)
    expect(de! + fr! + other!).toBe(1)
    expect(products).toEqual([de! * member!, fr! * member!, other! * member!])
  }
  const count = (at: number) => drawn.filter((features) => features[at] === 1).length
  expect(chiSquare([count(2), count(3), count(4)], [0.25, 0.5, 0.25])).toBeLessThan(oncePerMillion[2]!)
  expect(chiSquare([count(5), 8000 - count(5)], [0.25, 0.75])).toBeLessThan(oncePerMillion[1]!)
  // A deviation of 10 becomes a third.
  const spread = Math.sqrt(drawn.reduce((sum, features) => sum + features[6]! ** 2, 0) / 8000)
  expect(spread).toBeCloseTo(1 / 3, 1)
})

test('numbers, booleans and texts add to the means of the arms what is said of them', () => {
  const effects = [{ age: 0.4, country: { DE: -0.1 } }, {}, { member: 0.2, spend: 0.3 }]
  for (const { features, shifts } of draw(declared({ effects }), 3, 200)) {
    const [, age, de, , , member, spend] = features
    expect(shifts[0]).toBeCloseTo(0.4 * age! - 0.1 * de!, 3)
    expect(shifts[1]).toBe(0)
    expect(shifts[2]).toBeCloseTo(0.2 * member! + 0.3 * spend!, 3)
  }
})

test('the wheel pays its bonus to one arm beyond the radius, to none within, all over the disc alike', () => {
  const drawn = draw({ kind: 'wheel', radius: 0.6, bonus: 5 }, 5, 8000)
  const counts = [0, 0, 0, 0, 0]
  for (const { features, shifts } of drawn) {
    const [one, x, y] = features as [number, number, number]
    const distance = Math.hypot(x, y)
    expect(one).toBe(1)
    expect(distance).toBeLessThan(1.001)
    const paid = shifts.flatMap((shift, arm) => (shift === 0 ? [] : [arm]))
    if (Math.abs(distance - 0.6) < 0.001 || Math.min(Math.abs(x), Math.abs(y)) < 0.001) continue
    expect(paid).toEqual(distance > 0.6 ? [(x > 0 ? 0 : 2) + (y > 0 ? 0 : 1)] : [])
  }
  for (const { shifts } of drawn) counts[shifts.includes(5) ? shifts.indexOf(5) : 4]! += 1
  expect(chiSquare(counts, [0.16, 0.16, 0.16, 0.16, 0.36])).toBeLessThan(oncePerMillion[4]!)
})

test('rows come once each pass, in another order every time, and pay the arm that they name', () => {
  const rows = Array.from({ length: 20 }, (_, at) => ({
    features: Float64Array.of(1, at / 1000),
    arm: at % 3,
  }))
  const drawn = draw({ kind: 'rows', rows }, 3, 60)
  const orders = [0, 20, 40].map((from) =>
    drawn.slice(from, from + 20).map(({ features }) => features[1]! * 1000),
  )
  for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(rows.map((_, at) => at))
  expect(orders[0]).not.toEqual(orders[1])
  expect(orders[1]).not.toEqual(orders[2])
  for (const { features, shifts } of drawn)
    expect(shifts.indexOf(1)).toBe(Math.round(features[1]! * 1000) % 3)
})

test('a text feature needs to be told its texts', () => {
  const schema = { features: [{ kind: 'text', name: 'query', buckets: 4 }], interactions: [] } as const
  expect(() => draw(declared({ schema }), 1, 1)).toThrow('which texts query may be')
  const drawn = draw(
    declared({ schema, traffic: { query: { shoes: 1 } }, effects: [{ query: { shoes: 0.5 } }] }),
    1,
    3,
  )
  for (const { features, shifts } of drawn) {
    expect(features.filter((slot) => slot !== 0)).toHaveLength(2)
    expect(shifts).toEqual([0.5])
  }
})
