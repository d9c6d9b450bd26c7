import { expect, test } from 'vitest'
import { probabilityBest } from '../../../bandit/policies/probability-best.ts'
import { createThompson } from '../../../bandit/policies/thompson.ts'
import { belief } from '../support/beliefs.ts'

const arm = (count: number, sum: number, pending = 0) => belief(count, sum, { pending })

test('arms without a reward share equally', () => {
  const distribution = createThompson().distribution([arm(0, 0), arm(0, 0), arm(0, 0), arm(0, 0)])
  for (const propensity of distribution) expect(propensity).toBeCloseTo(1 / 4, 12)
})

test('20 of 100 against 15 of 100 and 25 of 100 has the propensities of Beta(21, 81), (16, 86) and (26, 76)', () => {
  const distribution = createThompson().distribution([arm(100, 20), arm(100, 15), arm(100, 25)])
  expect(distribution[0]).toBeCloseTo(0.193728, 6)
  expect(distribution[1]).toBeCloseTo(0.023616, 6)
  expect(distribution[2]).toBeCloseTo(0.782656, 6)
})

test('a fractional reward adds r to α and 1 − r to β', () => {
  const distribution = createThompson().distribution([arm(3, 1.25), arm(2, 0.5)])
  const posteriors = [
    { alpha: 2.25, beta: 2.75 },
    { alpha: 1.5, beta: 2.5 },
  ]
  expect(distribution).toEqual(probabilityBest(posteriors))
})

test('the prior counts until rewards outweigh it', () => {
  const policy = createThompson({ prior: { alpha: 1, beta: 99 } })
  const [untried] = policy.distribution([arm(0, 0), arm(100, 10)])
  expect(untried).toBeLessThan(0.05)
  expect(createThompson().distribution([arm(0, 0), arm(100, 10)])[0]).toBeGreaterThan(0.8)
})

test('pulls still pending change nothing, and the policy says so', () => {
  const policy = createThompson()
  expect(policy.usesPending).toBe(false)
  expect(policy.distribution([arm(10, 5, 1000), arm(10, 4)])).toEqual(
    policy.distribution([arm(10, 5), arm(10, 4, 7)]),
  )
})
