import { expect, test } from 'vitest'
import type { ContextLaw } from '../../../bandit/simulate/contexts/context-law.ts'
import { playRun } from '../../../bandit/simulate/run.ts'
import type { FeedbackRule, SimulatedArm } from '../../../bandit/simulate/world.ts'
import { contender, world } from './fixture.ts'

const certain = (steps: number): SimulatedArm[] =>
  [1, 0].map((reward) => ({
    name: `pays-${reward}`,
    reward: { kind: 'list', values: [reward] },
    delay: { kind: 'constant', steps },
  }))

/** Arm of each decision of a run. */
const choices = (name: string, steps: number, changes: { batch?: number; feedback?: FeedbackRule } = {}) => {
  const horizon = 60
  const checkpoints = Array.from({ length: horizon }, (_, at) => at + 1)
  const { pulls } = playRun({
    world: world({ arms: certain(steps), horizon, ...changes }),
    contender: contender(name, { pending: 'ignored' }),
    seed: 3,
    run: 0,
    checkpoints,
  })
  return checkpoints.map((_, at) => pulls[2 * at + 1]!)
}

test.each([0, 1, 7, 20])('a delay of %i decisions shifts what is known by exactly as many', (steps) => {
  const seen = choices('ucb1', steps)
  const blind = choices('uniform', steps)
  // Nothing is known up to the decision after `steps` others; then the arm that was not the first is untried.
  expect(seen.slice(0, steps + 1)).toEqual(blind.slice(0, steps + 1))
  expect(seen[steps + 1]).toBe(1 - seen[0]!)
})

test('a batch of 10 lets the policy know every 10 decisions only', () => {
  const seen = choices('ucb1', 0, { batch: 10 })
  expect(seen.slice(0, 10)).toEqual(choices('uniform', 0).slice(0, 10))
  expect(new Set(seen.slice(0, 10))).toEqual(new Set([0, 1]))
  // From then on one arm has the highest bound until the next batch.
  for (const start of [10, 20, 30]) expect(new Set(seen.slice(start, start + 10)).size).toBe(1)
})

test('held feedback is known when its window closes, not when it comes', () => {
  const feedback: FeedbackRule = { learn: 'hold', window: 15, silentFailures: false }
  const seen = choices('ucb1', 2, { feedback })
  expect(seen.slice(0, 16)).toEqual(choices('uniform', 2).slice(0, 16))
  expect(seen[16]).toBe(1 - seen[0]!)
})

test('regret counts the gap to the best arm of the moment', () => {
  const arms = [0.9, 0.2].map((mean, index): SimulatedArm => ({
    name: `arm-${index}`,
    reward: {
      kind: 'bernoulli',
      mean: {
        points: [
          { at: 0, mean },
          { at: 40, mean: 1 - mean },
        ],
        between: 'steps',
      },
    },
    delay: { kind: 'constant', steps: 0 },
  }))
  const { regrets, pulls } = playRun({
    world: world({ arms }),
    contender: contender('uniform'),
    seed: 1,
    run: 0,
    checkpoints: [40, 100],
  })
  expect(regrets[0]).toBeCloseTo(0.7 * pulls[1]!, 10)
  expect(regrets[1]).toBeCloseTo(0.7 * (pulls[1]! + pulls[2]!), 10)
  expect(pulls.reduce((sum, count) => sum + count, 0)).toBe(100)
})

test('a run that stops has told the best arm apart, makes no more decisions, and says after how many', () => {
  const request = {
    world: world({ arms: certain(0), horizon: 1000, batch: 5 }),
    contender: contender('uniform'),
    seed: 1,
    run: 0,
    checkpoints: [10, 1000],
  }
  const stopped = playRun({ ...request, stop: { confidence: 0.95, threshold: 'proven' } })
  expect(stopped.found).toMatchObject({ right: true })
  const { after } = stopped.found!
  expect(after % 5).toBe(0)
  // Two sure arms of n/2 pulls each differ by n ln 2; 25 decisions pass ln(2 n / 0.05) = 6.9, 5 do not.
  expect(after).toBeGreaterThan(5)
  expect(after).toBeLessThan(30)
  expect(stopped.pulls.reduce((sum, count) => sum + count, 0)).toBe(after)
  expect(playRun(request).found).toBeUndefined()
  expect(playRun(request).regrets[1]).toBeGreaterThan(stopped.regrets[1]!)
})

test('by context, regret is against the best arm of each context, and a policy that listens learns it', () => {
  const arms = ['home', 'away'].map((name): SimulatedArm => ({
    name,
    reward: { kind: 'bernoulli', mean: { points: [{ at: 0, mean: 0.2 }], between: 'steps' } },
    delay: { kind: 'constant', steps: 3 },
  }))
  const contexts: ContextLaw = {
    kind: 'declared',
    schema: {
      features: [{ kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'refuse' }],
      interactions: [],
    },
    traffic: {},
    effects: [{ country: { DE: 0.6 } }, { country: { FR: 0.6 } }],
  }
  const play = (name: string) =>
    playRun({
      world: world({ arms, horizon: 2000, contexts }),
      contender: contender(name),
      seed: 1,
      run: 0,
      checkpoints: [1000, 2000],
    })
  // Either arm is wrong half of the time: 0.6 a decision.
  const blind = play('ucb1').regrets
  expect(Math.abs(blind[1]! - 600)).toBeLessThan(4 * 0.3 * Math.sqrt(2000))
  const listening = play('lin-ucb').regrets
  expect(listening[1]!).toBeLessThan(30)
  expect(listening[1]! - listening[0]!).toBeLessThan(listening[0]! + 1)
  expect(() => playRun({ ...request(), contender: contender('lin-ucb') })).toThrow('given the context')
})

const request = () => ({ world: world(), seed: 1, run: 0, checkpoints: [10] })
