import { expect, test } from 'vitest'
import { probabilityBest } from '../../../bandit/policies/probability-best.ts'
import { createRewardModel } from '../../../bandit/beliefs/reward-model.ts'
import { belief } from '../support/beliefs.ts'

const arms = [
  belief(10, 4, { successes: 6, sumOfSquares: 2 }),
  belief(20, 8, { successes: 7, sumOfSquares: 4, prior: { alpha: 3, beta: 2 } }),
]

test('fractional rewards are counted as they are', () => {
  const model = createRewardModel({ prior: { alpha: 2, beta: 1 } })
  const posteriors = [
    { alpha: 6, beta: 7 },
    { alpha: 11, beta: 14 },
  ]
  expect(model.probabilityBest(arms)).toEqual(probabilityBest(posteriors))
  expect(arms.map((arm) => model.mean(arm))).toEqual([6 / 13, 11 / 25])
})

test('bernoulli rewards by the coin of each decision', () => {
  const model = createRewardModel({ rewards: 'bernoulli' })
  const posteriors = [
    { alpha: 7, beta: 5 },
    { alpha: 10, beta: 15 },
  ]
  expect(model.probabilityBest(arms)).toEqual(probabilityBest(posteriors))
  expect(model.quantile(arms[0]!, 0.05)).toBeLessThan(7 / 12)
})

test('gaussian rewards by how much they vary, so that steady ones leave less doubt', () => {
  const [fractional, gaussian] = [
    createRewardModel(),
    createRewardModel({ rewards: 'gaussian', deviation: 0.05 }),
  ]
  const width = (model: typeof gaussian) => model.quantile(arms[0]!, 0.95) - model.quantile(arms[0]!, 0.05)
  expect(width(gaussian)).toBeLessThan(width(fractional))
  // κ₀ = α + β = 2 rewards at ½, and 10 of mean 0.4.
  expect(gaussian.mean(arms[0]!)).toBeCloseTo((2 * 0.5 + 4) / 12, 14)
  expect(gaussian.mean(arms[1]!)).toBeCloseTo((5 * 0.6 + 8) / 25, 14)
  const [first, second] = gaussian.probabilityBest(arms)
  expect(first! + second!).toBeCloseTo(1, 14)
})

test('the distribution that is shown is the one that the mean and the quantiles are of', () => {
  const arm = belief(10, 7, { successes: 6, sumOfSquares: 5.5 })
  const fractional = createRewardModel({ prior: { alpha: 2, beta: 1 } })
  expect(fractional.posterior!(arm)).toEqual({ kind: 'beta', alpha: 9, beta: 4 })
  expect(createRewardModel({ rewards: 'bernoulli' }).posterior!(arm)).toEqual({
    kind: 'beta',
    alpha: 7,
    beta: 5,
  })
  const gaussian = createRewardModel({ rewards: 'gaussian' })
  const posterior = gaussian.posterior!(arm)
  expect(posterior).toMatchObject({ kind: 'student-t', location: gaussian.mean(arm), degrees: 12 })
})
