import { expect, test } from 'vitest'
import { probabilityBest } from '../../../bandit/policies/probability-best.ts'
import { createChooser } from '../../../bandit/simulate/choosers.ts'
import { createMemory } from '../../../bandit/simulate/memory.ts'
import { simulate } from '../../../bandit/simulate/simulate.ts'
import { toPolicy } from '../../../bandit/simulate/policies.ts'
import { createStream } from '../../../bandit/simulate/streams.ts'
import { bernoulliArms } from '../../../bandit/simulate/world.ts'
import { chiSquare, oncePerMillion } from '../support/chi-square.ts'
import { contender, world } from './fixture.ts'

const none = { kind: 'none' } as const

/** Rewards of each arm: of how many how many were 1. */
const learned = [
  [2, 1],
  [10, 4],
  [0, 0],
  [40, 22],
] as const

const taught = (rules: Parameters<typeof createMemory>[1]) => {
  const memory = createMemory(['a', 'b', 'c', 'd'], rules)
  for (const [arm, [count, sum]] of learned.entries()) {
    for (let at = 0; at < count; at++) {
      memory.decide(arm, 0)
      memory.learn({ arm, decidedAt: 0, heardAt: 1, reward: at < sum ? 1 : 0, propensity: 0.5, coin: 0.5 })
    }
  }
  return memory
}

test.each(['exact', 'posterior'] as const)('thompson, %s, draws from P(arm is best)', (sampling) => {
  const thompson = contender('thompson', { sampling })
  const chooser = createChooser(thompson, taught(thompson), createStream(4, 0, 'choices'))
  const counts = [0, 0, 0, 0]
  for (let at = 0; at < 20_000; at++) counts[chooser.choose()]! += 1
  const best = probabilityBest(learned.map(([count, sum]) => ({ alpha: 1 + sum, beta: 1 + count - sum })))
  expect(chiSquare(counts, best)).toBeLessThan(oncePerMillion[3]!)
})

test('drawing from the posteriors has the same regret as the exact distribution', async () => {
  const [exact, posterior] = await simulate(
    {
      world: world({ arms: bernoulliArms([0.8, 0.5, 0.3]), horizon: 40 }),
      contenders: [contender('thompson'), contender('thompson', { sampling: 'posterior' })],
      runs: 150,
      seed: 11,
      checkpoints: [40],
    },
    { cores: 1 },
  )
  const [a, b] = [exact!.regret[0]!, posterior!.regret[0]!]
  expect(Math.abs(a.mean - b.mean)).toBeLessThan(4 * Math.hypot(a.error, b.error))
  expect(a.mean).toBeLessThan(40 * (0.8 - 1.6 / 3) - 4 * a.error)
})

test('an exact choice knows its propensity', () => {
  const thompson = contender('thompson')
  const memory = taught(thompson)
  const chooser = createChooser(thompson, memory, createStream(4, 0, 'choices'))
  const best = probabilityBest(learned.map(([count, sum]) => ({ alpha: 1 + sum, beta: 1 + count - sum })))
  const arm = chooser.choose()
  expect(chooser.propensity).toBeCloseTo(best[arm]!, 12)
})

test('pending pulls that a policy looks at count from one decision to the next', () => {
  const chosen = (pending: 'counted' | 'ignored') => {
    const ucb = contender('ucb1', { pending })
    const memory = taught(ucb)
    memory.decide(2, 0)
    memory.learn({ arm: 2, decidedAt: 0, heardAt: 1, reward: 0, propensity: 1, coin: 0.5 })
    const chooser = createChooser(ucb, memory, createStream(4, 0, 'choices'))
    return Array.from({ length: 30 }, () => {
      const arm = chooser.choose()
      memory.decide(arm, 0)
      return arm
    })
  }
  expect(new Set(chosen('counted')).size).toBeGreaterThan(1)
  expect(new Set(chosen('ignored')).size).toBe(1)
})

test.each([
  ['lin-thompson', { deviation: 0.3, ridge: 0.5 }],
  ['normal-gamma-thompson', { shape: 2, rate: 0.1, ridge: 0.5 }],
])('%s draws from the posteriors as from its distribution, context by context', (name, settings) => {
  const policy = { ...settings, name }
  const memory = createMemory(['a', 'b', 'c'], { pending: 'counted', forgetting: none, dimension: 2 })
  const uniform = createStream(9, 0, 'nature')
  for (let at = 0; at < 12; at++) {
    memory.decide(at % 3, at)
    const features = Float64Array.of(1, Math.round(1000 * uniform()) / 1000)
    const lesson = { arm: at % 3, decidedAt: at, heardAt: at, reward: uniform(), propensity: 1, coin: 0.5 }
    memory.learn({ ...lesson, features })
  }
  memory.refresh(12)
  const chooser = createChooser(
    contender(name, { policy, sampling: 'posterior' }),
    memory,
    createStream(4, 0, 'choices'),
  )
  for (const features of [Float64Array.of(1, 0), Float64Array.of(1, 0.9)]) {
    const counts = [0, 0, 0]
    for (let at = 0; at < 20_000; at++) counts[chooser.choose(features)]! += 1
    const exact = toPolicy(policy).distribution(memory.beliefs, features)
    expect(Math.min(...exact)).toBeGreaterThan(0.02)
    expect(chiSquare(counts, exact)).toBeLessThan(oncePerMillion[2]!)
  }
})

test('a policy of another kind draws from no posterior', () => {
  const ucb = contender('ucb1', { sampling: 'posterior' })
  expect(() => createChooser(ucb, taught(ucb), createStream(4, 0, 'choices'))).toThrow('play it exactly')
})

test('burn-in pulls each arm by turns before the policy is asked', () => {
  const fixed = contender('fixed', { policy: { name: 'fixed', weights: { c: 1 } }, burnIn: 2 })
  const chooser = createChooser(fixed, taught(fixed), createStream(4, 0, 'choices'))
  expect(Array.from({ length: 11 }, () => chooser.choose())).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 2, 2, 2])
})

test('shares that move by steps take their time, and arrive', () => {
  const stepped = contender('thompson', { maxStep: { share: 0.1, perMs: 100 } })
  const memory = createMemory(['a', 'b'], stepped)
  const chooser = createChooser(stepped, memory, createStream(4, 0, 'choices'))
  const shareOfB = () => {
    const arm = chooser.choose()
    return arm === 1 ? chooser.propensity : 1 - chooser.propensity
  }
  expect(shareOfB()).toBeCloseTo(0.5, 12)
  for (let reward = 0; reward < 200; reward++) {
    memory.decide(1, 0)
    memory.learn({ arm: 1, decidedAt: 0, heardAt: 1, reward: 1, propensity: 0.5, coin: 0.5 })
  }
  for (let step = 1; step <= 400; step++) expect(shareOfB()).toBeCloseTo(0.5 + 0.001 * step, 9)
  for (let step = 0; step < 120; step++) shareOfB()
  expect(shareOfB()).toBeGreaterThan(0.99)
})
