import { expect, test } from 'vitest'
import type { History } from '../../../bandit/evaluate/history.ts'
import { replay, type Target } from '../../../bandit/evaluate/replay.ts'
import { noForgetting } from '../../../bandit/beliefs/forgetting.ts'
import { createPolicy } from '../../../bandit/policies/by-name.ts'

const names = ['a', 'b']
const nothing = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }
const everyMs = 100

/** Drawn alike, and every reward of arm b is 1 while every reward of arm a is 0. */
function historyOf(count: number): History {
  const decisions = Array.from({ length: count }, (_, at) => ({
    key: `decision-${at}`.padEnd(16, '-'),
    decidedAt: at * everyMs,
    arms: names,
    propensities: Float64Array.of(0.5, 0.5),
    chosen: at % 2,
  }))
  return {
    arms: names.map((name) => ({ belief: { name, ...nothing } })),
    beganAt: 0,
    endedAt: count * everyMs,
    learning: {
      windowMs: 60_000,
      bucketMs: 1000,
      forgetting: noForgetting,
      bounds: { low: 0, high: 1 },
    },
    defaultReward: undefined,
    decisions,
    rewards: decisions.map(({ key, decidedAt, chosen }) => ({
      key,
      arm: names[chosen]!,
      decidedAt,
      knownAt: decidedAt + 10,
      reward: chosen,
    })),
  }
}

const target: Target = {
  name: 'thompson',
  policy: createPolicy({ name: 'thompson' }),
  forgetting: noForgetting,
  shares: () => ({ minShare: 0.05 }),
}

test('a policy whose shares move by steps is replayed with them, and comes to where it is without', () => {
  const history = historyOf(200)
  const free = [...replay(history, target)]
  const stepped = [...replay(history, { ...target, maxStep: { share: 0.03, perMs: 1000 } })]
  expect(free[30]![1]).toBeGreaterThan(0.94)
  for (const [at, distribution] of stepped.entries()) {
    const seconds = (at * everyMs) / 1000
    expect(distribution[0]! + distribution[1]!).toBeCloseTo(1, 12)
    expect(distribution[1]).toBeLessThanOrEqual(0.5 + 0.03 * seconds + 1e-12)
  }
  expect(stepped[100]![1]).toBeGreaterThan(0.75)
  expect(stepped[100]![1]).toBeLessThan(0.8 + 1e-9)
  expect(stepped.at(-1)).toEqual(free.at(-1))
})
