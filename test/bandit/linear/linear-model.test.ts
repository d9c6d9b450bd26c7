import { expect, test } from 'vitest'
import { createLinearModel } from '../../../bandit/linear/linear-model.ts'
import { createRidges } from '../../../bandit/linear/ridge.ts'
import { linearDelta, linearLength, weighLinear } from '../../../bandit/linear/sums.ts'
import { createRewardModel } from '../../../bandit/beliefs/reward-model.ts'
import { belief } from '../support/beliefs.ts'
import { uniformSource } from '../support/random-source.ts'

const toArm = (rewards: readonly { features: Float64Array; reward: number }[], dimension: number) => {
  const total = new Float64Array(linearLength(dimension))
  for (const { features, reward } of rewards)
    for (const [at, value] of linearDelta(features, Math.round(1e6 * reward), 1).entries())
      total[at]! += value
  const sum = rewards.reduce((all, { reward }) => all + reward, 0)
  return belief(rewards.length, sum, {
    sumOfSquares: rewards.reduce((all, { reward }) => all + reward ** 2, 0),
    linear: weighLinear(new Map([[0, total]]), () => 1, { from: 0, dimension }),
  })
}

test('of a context that is always the same is the gaussian model with a prior mean of 0', () => {
  const one = Float64Array.of(1)
  const arm = toArm(
    [0.2, 0.4, 0.6].map((reward) => ({ features: one, reward })),
    1,
  )
  const model = createLinearModel(one, createRidges(1))
  // A gaussian prior of mean ~0 that is worth as much as the ridge.
  const prior = { alpha: 1e-12, beta: 1 }
  const gaussian = createRewardModel({ rewards: 'gaussian', prior, deviation: 0.25 })
  expect(model.mean(arm)).toBeCloseTo(0.3, 12)
  expect(model.mean(arm)).toBeCloseTo(gaussian.mean(arm), 9)
  for (const p of [0.05, 0.5, 0.95]) expect(model.quantile(arm, p)).toBeCloseTo(gaussian.quantile(arm, p), 9)
})

test('nine intervals of ten hold what the arm earns in that context', () => {
  const random = uniformSource(12)
  const asked = Float64Array.of(1, 0.5, -0.5)
  const truth = 0.5 + 0.2 * 0.5 + 0.1 * 0.5
  let held = 0
  for (let world = 0; world < 400; world++) {
    const rewards = Array.from({ length: 200 }, () => {
      const features = Float64Array.of(1, ...[0, 0].map(() => Math.round(2000 * random() - 1000) / 1000))
      const mean = 0.5 + 0.2 * features[1]! - 0.1 * features[2]!
      return { features, reward: mean + 0.2 * (random() - 0.5) }
    })
    const arm = toArm(rewards, 3)
    const model = createLinearModel(asked, createRidges(1e-3))
    if (model.quantile(arm, 0.05) < truth && truth < model.quantile(arm, 0.95)) held++
  }
  // 360 ± 6 were it exact; the prior deviation of ¼ makes it a little wide.
  expect(held).toBeGreaterThan(345)
  expect(held).toBeLessThan(385)
})
