import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createUcb1 } from '../../../bandit/policies/ucb1.ts'
import { belief } from '../support/beliefs.ts'

const policy = createUcb1()
const arm = (count: number, sum: number, pending = 0) => belief(count, sum, { pending })

test('the largest mean + √(2 ln N / n) gets everything', () => {
  // N = 120: 0.6 + √(2 ln 120 / 100) = 0.909 against 0.4 + √(2 ln 120 / 20) = 1.092, then 0.2 + 0.692 = 0.892.
  expect([...policy.distribution([arm(100, 60), arm(20, 8)])]).toEqual([0, 1])
  expect([...policy.distribution([arm(100, 60), arm(20, 4)])]).toEqual([1, 0])
})

test('arms never pulled go first and share equally', () => {
  expect([...policy.distribution([arm(1000, 1000), arm(0, 0), arm(0, 0, 1), arm(0, 0)])]).toEqual([
    0, 0.5, 0, 0.5,
  ])
})

test('an arm without a reward yet is thought to be like the others, so its pending pulls wear its bonus out', () => {
  expect([...policy.distribution([arm(0, 0, 9), arm(10, 9)])]).toEqual([1, 0])
  expect([...policy.distribution([arm(0, 0, 11), arm(10, 9)])]).toEqual([0, 1])
  expect([...policy.distribution([arm(0, 0, 9), arm(10, 1)])]).toEqual([1, 0])
  expect([...policy.distribution([arm(0, 0, 11), arm(10, 1)])]).toEqual([0, 1])
})

test('equal indices go to the fewest pending', () => {
  expect([...policy.distribution([arm(0, 0, 10), arm(10, 10)])]).toEqual([0, 1])
})

test('equal indices share equally', () => {
  expect([...policy.distribution([arm(10, 5), arm(10, 5), arm(10, 4), arm(10, 5)])]).toEqual([
    1 / 3,
    1 / 3,
    0,
    1 / 3,
  ])
})

test('pending pulls alone spread the first batch over the arms', () => {
  const beliefs = Array.from({ length: 7 }, () => arm(0, 0))
  for (let round = 0; round < 700; round++) {
    const distribution = policy.distribution(beliefs)
    const chosen = distribution.findIndex((propensity) => propensity > 0)
    beliefs[chosen] = arm(0, 0, beliefs[chosen]!.pending + 1)
  }
  expect(beliefs.map(({ pending }) => pending)).toEqual([100, 100, 100, 100, 100, 100, 100])
})

test('a pending pull narrows the bonus and leaves the mean alone', () => {
  // √(2 ln N / n) needs n = 10 + 13 before 0.7 + it drops below 0.5 + the other arm's at n = 10.
  const leads = (pending: number) => policy.distribution([arm(10, 7, pending), arm(10, 5)])[0] === 1
  expect(leads(0)).toBe(true)
  expect(leads(6)).toBe(true)
  expect(leads(1000)).toBe(false)
  const mean = (pending: number) => policy.distribution([arm(1e9, 7e8, pending), arm(1e9, 6e8)])[0]
  expect(mean(1e8)).toBe(1)
})

test('counts that have faded below one pull are no reason for NaN', () => {
  expect([...policy.distribution([arm(0.3, 0.2), arm(0.3, 0.1)])]).toEqual([1, 0])
  expect([...policy.distribution([arm(1e-300, 0), arm(0.5, 0.4)])]).toEqual([0, 1])
})

test('whatever the arms, the answer is a distribution and follows their order', () => {
  const anyArm = fc
    .record({
      count: fc.double({ min: 0, max: 1e6, noNaN: true }),
      mean: fc.double({ min: 0, max: 1, noNaN: true }),
      pending: fc.nat(1000),
    })
    .map(({ count, mean, pending }) => arm(count, count * mean, pending))
  fc.assert(
    fc.property(fc.array(anyArm, { minLength: 1, maxLength: 20 }), (arms) => {
      const distribution = policy.distribution(arms)
      expect(distribution.reduce((sum, propensity) => sum + propensity, 0)).toBeCloseTo(1, 14)
      expect(distribution.every((propensity) => propensity >= 0)).toBe(true)
      const positive = distribution.filter((propensity) => propensity > 0)
      expect(new Set(positive).size).toBe(1)
    }),
    { numRuns: 300, seed: 6 },
  )
})
