import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { evaluate, type EvaluateOptions } from '../../../bandit/evaluate/evaluate.ts'
import { fitRewards } from '../../../bandit/evaluate/fitted-rewards.ts'
import { foldOf } from '../../../bandit/evaluate/folds.ts'
import type { History, LoggedDecision } from '../../../bandit/evaluate/history.ts'
import { replay, type Target } from '../../../bandit/evaluate/replay.ts'
import { noForgetting } from '../../../bandit/beliefs/forgetting.ts'
import { createPolicy } from '../../../bandit/policies/by-name.ts'
import { uniformSource } from '../support/random-source.ts'

const names = ['a', 'b']
/** Arm a is for x = 1, arm b for x = −1; over all contexts they are alike. */
const meanOf = (arm: number, x: number): number => 0.5 + (arm === 0 ? 0.35 : -0.35) * x
const options: EvaluateOptions = {
  maxWeight: 10,
  confidence: 0.95,
  seed: 1,
  minEffective: 100,
  maxMissing: 0.01,
}

/** A log whose own policy looked at the context: it mostly took the arm that is right there. */
function historyOf(seed: number, decisions: number): History {
  const random = uniformSource(seed)
  const beganAt = 1_790_000_000_000
  const made = Array.from({ length: decisions }, (_, at): LoggedDecision & { reward: number } => {
    const x = random() < 0.5 ? 1 : -1
    const propensities = x === 1 ? Float64Array.of(0.8, 0.2) : Float64Array.of(0.2, 0.8)
    const chosen = random() < propensities[0]! ? 0 : 1
    const key = createHash('sha256').update(`${seed}/${at}`).digest('base64url').slice(0, 16)
    const reward = random() < meanOf(chosen, x) ? 1 : 0
    return {
      key,
      decidedAt: beganAt + at * 50,
      arms: names,
      propensities,
      chosen,
      features: Float64Array.of(1, x),
      reward,
    }
  })
  const belief = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }
  return {
    arms: names.map((name) => ({ belief: { name, ...belief } })),
    beganAt,
    endedAt: beganAt + 1e9,
    learning: {
      windowMs: 60_000,
      bucketMs: 1000,
      forgetting: noForgetting,
      bounds: { low: 0, high: 1 },
    },
    defaultReward: undefined,
    dimension: 2,
    decisions: made,
    rewards: made.map(({ key, chosen, decidedAt, reward }) => ({
      key,
      arm: names[chosen]!,
      decidedAt,
      knownAt: decidedAt + 20,
      reward,
    })),
  }
}

const target = (policy: Target['policy']): Target => ({
  name: policy.name,
  policy,
  forgetting: noForgetting,
  shares: () => ({ minShare: 0.02 }),
})
const linUcb = target(createPolicy({ name: 'lin-ucb', alpha: 0.25 }))
const uniform = target(createPolicy({ name: 'uniform' }))

/** What the target would have earned in these very contexts, from the true means. */
function truthOf(history: History, policy: Target): number {
  let sum = 0
  for (const [at, distribution] of [...replay(history, policy)].entries())
    for (const arm of names.keys())
      sum += distribution[arm]! * meanOf(arm, history.decisions[at]!.features![1]!)
  return sum / history.decisions.length
}

describe.each([
  { name: 'lin-ucb', policy: linUcb },
  { name: 'uniform', policy: uniform },
])('what $name would have earned', ({ policy }) => {
  // Fixed seeds; 4 standard errors of the mean of the runs.
  const runs = Array.from({ length: 12 }, (_, run) => {
    const history = historyOf((run + 1) * 7919, 1500)
    return { truth: truthOf(history, policy), result: evaluate(history, policy, options) }
  })

  test.each(['ips', 'snips', 'dm', 'dr', 'switch-dr'] as const)('%s is right on the average', (name) => {
    const errors = runs.map(
      ({ truth, result }) => result.estimates.find((estimate) => estimate.name === name)!.value - truth,
    )
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1)
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / errors.length) + 0.002)
    expect(Math.abs(mean)).toBeLessThan(0.02)
  })

  test('its weights are those of each context', () => {
    for (const { result } of runs) {
      expect(result.refusals).toEqual([])
      expect(Math.abs(result.weights.mean - 1)).toBeLessThan(0.1)
      expect(result.weights.max).toBeLessThanOrEqual(5)
    }
  })
})

test('by context the same log is worth more than to any one arm', () => {
  const history = historyOf(7, 1500)
  expect(truthOf(history, linUcb)).toBeGreaterThan(0.8)
  expect(truthOf(history, uniform)).toBeCloseTo(0.5, 1)
})

test('means by arm alone would judge the arms by the contexts that they got', () => {
  const history = historyOf(7, 1500)
  const blind = {
    ...history,
    decisions: history.decisions.map(({ features: _, ...decision }) => decision),
  }
  const directOf = (log: History) =>
    evaluate(log, uniform, options).estimates.find(({ name }) => name === 'dm')!
  expect(directOf(blind).value).toBeGreaterThan(0.65)
  expect(directOf(history).value).toBeCloseTo(0.5, 1)
})

describe('the reward model', () => {
  const history = historyOf(3, 400)
  const rewards = Float64Array.from(history.rewards, ({ reward }) => reward!)

  test('never learns from the fold of the decision itself', () => {
    const [decision] = history.decisions
    const changed = rewards.map((reward, at) =>
      foldOf(history.decisions[at]!) === foldOf(decision!) ? 1 - reward : reward,
    )
    const model = fitRewards(history.decisions, rewards)
    expect(fitRewards(history.decisions, changed).expect(decision!, 'a')).toBe(model.expect(decision!, 'a'))
    expect(model.expect(decision!, 'a')).toBeCloseTo(meanOf(0, decision!.features![1]!), 1)
  })

  test('an arm that nobody took is expected to pay what all pay', () => {
    const overall = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
    expect(fitRewards(history.decisions, rewards).expect(history.decisions[0]!, 'new')).toBeCloseTo(
      overall,
      2,
    )
  })

  test('its leverage is how far the sum of what is expected moves with one reward', () => {
    const model = fitRewards(history.decisions, rewards)
    for (const decision of history.decisions) model.want(decision, 'a', 0.75)
    const leverage = model.leverage()
    const sumOf = (given: Float64Array) => {
      const fitted = fitRewards(history.decisions, given)
      return history.decisions.reduce((sum, decision) => sum + 0.75 * fitted.expect(decision, 'a'), 0)
    }
    const before = sumOf(rewards)
    const taken = [...history.decisions.entries()].filter(([, { chosen }]) => chosen === 0).slice(0, 12)
    for (const [at] of taken) {
      const moved = sumOf(rewards.map((reward, index) => (index === at ? reward + 1 : reward))) - before
      // Cross-fitting leaves a reward out of its own fold: the leverage is that of the whole log.
      expect(Math.abs(moved - leverage[at]!)).toBeLessThan(0.15 * Math.abs(leverage[at]!) + 0.05)
    }
  })
})
