import { expect, onTestFinished, test } from 'vitest'
import { createKey, type PolicyName } from '../../bandit/index.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { openLearning } from '../fixtures/learning-gateway.ts'
import { chiSquare, oncePerMillion } from './support/chi-square.ts'
import { uniformSource } from './support/random-source.ts'

interface Case {
  readonly policy: PolicyName
  readonly seed: number
  /** Rewards of 1 and of 0 that each arm has had. */
  readonly learned: readonly (readonly [ones: number, zeros: number])[]
  readonly minShares?: readonly number[]
  readonly maxShares?: readonly number[]
  readonly down?: readonly string[]
}

const cases: readonly Case[] = [
  {
    policy: 'thompson',
    seed: 32,
    learned: [
      [0, 0],
      [3, 1],
      [1, 3],
      [0, 9],
    ],
    minShares: [0, 0.05, 0, 0.1],
  },
  {
    policy: 'thompson',
    seed: 33,
    learned: [
      [900, 100],
      [800, 200],
      [3, 4],
      [2, 2],
    ],
    down: ['arm-0'],
  },
  {
    policy: 'thompson',
    seed: 34,
    learned: [
      [60, 40],
      [55, 45],
      [50, 50],
      [1, 1],
      [0, 5],
    ],
    minShares: [0.02, 0, 0.02, 0, 0.02],
    maxShares: [0.4, 1, 1, 0.1, 1],
    down: ['arm-2'],
  },
  {
    policy: 'top-two-thompson',
    seed: 35,
    learned: [
      [30, 10],
      [20, 10],
      [10, 10],
    ],
    minShares: [0.1, 0, 0],
  },
]

test.each(cases)(
  '$policy, seed $seed: a million decisions fall as often on each arm as is said; right code fails for one seed in a million',
  async ({ policy, seed, learned, minShares = [], maxShares = [], down = [] }) => {
    const clock = () => 1_790_000_000_000
    const store = createSqliteStore({ path: ':memory:', clock })
    onTestFinished(() => store.close())
    const arms = learned.map((_, at) => ({
      name: `arm-${at}`,
      minShare: minShares[at] ?? 0,
      maxShare: maxShares[at],
    }))
    const { agent, store: state } = openLearning({ store, clock, arms, windowMs: 60_000, policy })
    for (const [at, [ones, zeros]] of learned.entries()) {
      const [one, zero] = [rewardDelta(1e6, 1), rewardDelta(0, 1)]
      await state.applyReward({
        key: `rewards-of-arm-${at}`.slice(0, 16),
        arm: `arm-${at}`,
        bucket: clock() / 1000,
        epoch: 0,
        decidedAt: clock(),
        expectedMark: '',
        mark: 'x',
        delta: one.map((value, i) => ones * value + zeros * zero[i]!),
      })
    }
    await agent.synchronise()

    const uniform = uniformSource(seed)
    const bytes = new Uint8Array(12)
    const randomBytes = () => {
      for (let at = 0; at < 7; at++) bytes[at] = uniform() * 256
      return bytes
    }
    const unavailable = new Set(down)
    const counts = new Map(arms.map(({ name }) => [name, 0]))
    let last = agent.decide(createKey(randomBytes), unavailable)!
    for (let draw = 0; draw < 1_000_000; draw++) {
      last = agent.decide(createKey(randomBytes), unavailable)!
      counts.set(last.arm, counts.get(last.arm)! + 1)
      agent.abandoned(last)
    }
    const { arms: left, distribution } = last.basis!
    expect(left).toEqual(arms.map(({ name }) => name).filter((name) => !unavailable.has(name)))
    for (const name of down) expect(counts.get(name)).toBe(0)
    for (const [at, name] of left.entries()) {
      const { minShare, maxShare = 1 } = arms.find((arm) => arm.name === name)!
      expect(distribution[at]).toBeGreaterThanOrEqual(minShare - 1e-12)
      expect(distribution[at]).toBeLessThanOrEqual(maxShare + 1e-12)
    }
    const drawn = left.map((name) => counts.get(name)!)
    expect(chiSquare(drawn, distribution)).toBeLessThan(oncePerMillion[left.length - 1]!)
  },
)
