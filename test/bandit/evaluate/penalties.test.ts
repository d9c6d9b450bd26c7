import { expect, test } from 'vitest'
import type { History } from '../../../bandit/evaluate/history.ts'
import { toOutcomes } from '../../../bandit/evaluate/outcomes.ts'
import { noForgetting } from '../../../bandit/index.ts'

test('silence earns the default less what its answer cost, and a reward is in the log as it counts', () => {
  const decision = (key: string, penalty?: number) => ({
    key,
    decidedAt: 1000,
    arms: ['a'],
    propensities: Float64Array.of(1),
    chosen: 0,
    ...(penalty !== undefined && { penalty }),
  })
  const history: History = {
    arms: [],
    beganAt: 0,
    endedAt: 1e6,
    learning: { windowMs: 1000, bucketMs: 100, forgetting: noForgetting, bounds: { low: -0.5, high: 1 } },
    defaultReward: 0.25,
    decisions: [decision('silent', 0.5), decision('told', 0.125), decision('free')],
    rewards: [{ key: 'told', arm: 'a', decidedAt: 1000, knownAt: 1500, reward: 0.875 }],
  }
  expect([...toOutcomes(history).rewards]).toEqual([-0.25, 0.875, 0.25])
})
