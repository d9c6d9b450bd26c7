import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contribution, delaysEnd } from '../../../bandit/rewards/contribution.ts'
import { averageFeatures, linearDelta, linearLength, weighLinear } from '../../../bandit/linear/sums.ts'
import { subtract } from '../../../bandit/beliefs/statistics.ts'

const x = Float64Array.of(1, 0.5, -0.25)

describe('what one reward adds', () => {
  test('is x xᵀ in whole millionths and r x in whole ten-millionths', () => {
    expect([...linearDelta(x, 600_000, 1)]).toEqual([
      1_000_000, 500_000, -250_000, 250_000, -125_000, 62_500, 6_000_000, 3_000_000, -1_500_000,
    ])
  })

  test('is a true product under every weight', () => {
    // z = √1.7 · (1000, 500, −250) and ρ = √1.7 · 6000, rounded
    const [a, b, c, target] = [1304, 652, -326, 7823]
    const triangle = [a * a, a * b, a * c, b * b, b * c, c * c]
    expect([...linearDelta(x, 600_000, 1.7)]).toEqual([...triangle, target * a, target * b, target * c])
  })

  test('comes after all that an arm keeps without contexts', () => {
    const place = { decidedAt: 0, windowMs: 1000, weight: 1, draw: { propensity: 1, coin: 0 } }
    const meaning = { standing: 'rewarded', micro: 600_000, heardAt: 10 } as const
    const plain = contribution(meaning, place)
    const contextual = contribution(meaning, { ...place, features: x })
    expect(plain).toHaveLength(delaysEnd)
    expect([...contextual.subarray(0, delaysEnd)]).toEqual([...plain])
    expect([...contextual.subarray(delaysEnd)]).toEqual([...linearDelta(x, 600_000, 1)])
    const unsettled = { standing: 'unsettled', micro: 0, heardAt: undefined } as const
    expect([...contribution(unsettled, { ...place, features: x })]).toEqual(
      Array.from({ length: delaysEnd + linearLength(3) }, () => 0),
    )
  })
})

const anyReward = fc.record({
  features: fc
    .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 3 })
    .map((slots) => Float64Array.from([1000, ...slots], (slot) => slot / 1000)),
  micro: fc.integer({ min: 0, max: 1_000_000 }),
  weight: fc.double({ min: 1, max: 2, noNaN: true }),
})

test('sums are the same in every order, and what is taken back leaves no trace', () => {
  const anyOrder = fc.array(anyReward, { minLength: 2, maxLength: 30 }).chain((rewards) =>
    fc.record({
      rewards: fc.constant(rewards),
      order: fc.shuffledSubarray([...rewards.keys()], { minLength: rewards.length }),
    }),
  )
  const plus = (a: Float64Array, b: Float64Array) => a.map((value, at) => value + b[at]!)
  fc.assert(
    fc.property(anyOrder, ({ rewards, order }) => {
      const deltas = rewards.map(({ features, micro, weight }) => linearDelta(features, micro, weight))
      expect(deltas.every((delta) => delta.every(Number.isSafeInteger))).toBe(true)
      const nothing = new Float64Array(linearLength(4))
      const all = deltas.reduce(plus, nothing)
      expect(order.map((at) => deltas[at]!).reduce(plus, nothing)).toEqual(all)
      const [first, ...others] = deltas
      expect(subtract(all, first!)).toEqual(others.reduce(plus, nothing))
    }),
    { seed: 21, numRuns: 100 },
  )
})

test('epochs are weighed, and the average context is that of all arms', () => {
  const other = Float64Array.of(1, 1, 0)
  const epochs = new Map([
    [1, linearDelta(x, 1_000_000, 1)],
    [2, linearDelta(other, 500_000, 1)],
  ])
  const learned = weighLinear(epochs, (epoch) => (epoch === 1 ? 0.5 : 1), { from: 0, dimension: 3 })
  expect([...learned.gram]).toEqual([1.5, 1.25, -0.125, 1.125, -0.0625, 0.03125])
  expect([...learned.moment]).toEqual([1, 0.75, -0.125])
  expect([...averageFeatures([learned])]).toEqual([1, 1.25 / 1.5, -0.125 / 1.5])
  const empty = weighLinear(new Map(), () => 1, { from: 0, dimension: 3 })
  expect([...averageFeatures([learned, empty])]).toEqual([1, 1.25 / 1.5, -0.125 / 1.5])
  expect([...averageFeatures([empty])]).toEqual([1, 0, 0])
})
