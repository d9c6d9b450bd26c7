import { expect, test } from 'vitest'
import type { Forgetting } from '../../../bandit/beliefs/forgetting.ts'
import { createMemory } from '../../../bandit/simulate/memory.ts'

const none = { kind: 'none' } as const

test('a reward adds to every sum, and a fractional one is a success by its coin', () => {
  const memory = createMemory(['a', 'b'], { pending: 'counted', forgetting: none })
  memory.decide(0, 0)
  memory.decide(0, 0)
  memory.decide(1, 0)
  memory.learn({ arm: 0, decidedAt: 0, heardAt: 1, reward: 0.25, propensity: 0.5, coin: 0.2 })
  expect(memory.beliefs[0]).toEqual({
    name: 'a',
    count: 1,
    sum: 0.25,
    sumOfSquares: 0.0625,
    importanceSum: 0.5,
    successes: 1,
    pending: 1,
    age: 0,
  })
  expect(memory.beliefs[1]).toMatchObject({ count: 0, pending: 1 })
})

test('under `failed` a pull counts as a failure until its reward says otherwise', () => {
  const memory = createMemory(['a'], { pending: 'failed', forgetting: none })
  memory.decide(0, 0)
  expect(memory.beliefs[0]).toMatchObject({ count: 1, sum: 0, pending: 0 })
  memory.learn({ arm: 0, decidedAt: 0, heardAt: 1, reward: 1, propensity: 1, coin: 0.5 })
  expect(memory.beliefs[0]).toMatchObject({ count: 1, sum: 1, pending: 0 })
})

test.each(['counted', 'failed', 'ignored'] as const)(
  'a pull that is written off leaves no trace, %s',
  (pending) => {
    const memory = createMemory(['a'], { pending, forgetting: none })
    const before = { ...memory.beliefs[0]! }
    memory.decide(0, 0)
    memory.writeOff(0, 0)
    expect(memory.beliefs[0]).toEqual(before)
  },
)

test('an arm that was replaced has forgotten everything and takes no reward of the one before', () => {
  const memory = createMemory(['a'], { pending: 'counted', forgetting: none })
  memory.decide(0, 0)
  memory.decide(0, 0)
  memory.learn({ arm: 0, decidedAt: 0, heardAt: 1, reward: 1, propensity: 1, coin: 0.5 })
  memory.restart(0, 10)
  memory.learn({ arm: 0, decidedAt: 1, heardAt: 1 + 1, reward: 1, propensity: 1, coin: 0.5 })
  expect(memory.beliefs[0]).toMatchObject({ count: 0, sum: 0, pending: 0 })
  memory.refresh(25)
  expect(memory.beliefs[0]!.age).toBe(15)
})

test.each(['counted', 'failed'] as const)('a half-life counts age in decisions, pending %s', (pending) => {
  const memory = createMemory(['a'], { pending, forgetting: { kind: 'half-life', halfLifeMs: 10 } })
  for (const [decidedAt, reward] of [
    [0, 1],
    [10, 0],
    [25, 1],
  ] as const) {
    memory.decide(0, 0)
    memory.learn({ arm: 0, decidedAt, heardAt: decidedAt + 1, reward, propensity: 1, coin: 0.5 })
  }
  memory.decide(0, 0)
  memory.refresh(30)
  const weights = [2 ** -3, 2 ** -2, 2 ** -0.5]
  const waiting = pending === 'failed' ? 1 : 0
  expect(memory.beliefs[0]!.count).toBeCloseTo(weights[0]! + weights[1]! + weights[2]! + waiting, 5)
  expect(memory.beliefs[0]!.sum).toBeCloseTo(weights[0]! + weights[2]!, 5)
  expect(memory.beliefs[0]!.pending).toBe(pending === 'failed' ? 0 : 1)
})

test('a sliding window forgets what is older', () => {
  const memory = createMemory(['a'], {
    pending: 'counted',
    forgetting: { kind: 'sliding-window', spanMs: 320 },
  })
  for (const decidedAt of [0, 500, 505, 600]) {
    memory.decide(0, 0)
    memory.learn({ arm: 0, decidedAt, heardAt: decidedAt + 1, reward: 1, propensity: 1, coin: 0.5 })
  }
  memory.refresh(600)
  expect(memory.beliefs[0]!.count).toBeCloseTo(3, 6)
  memory.refresh(2000)
  expect(memory.beliefs[0]!.count).toBe(0)
})

test('where silence is judged by its age, young pulls count in part and old ones in full', () => {
  const memory = createMemory(['a', 'b'], { pending: 'counted', forgetting: none, correctedWindow: 600 })
  for (let step = 0; step < 3000; step++) {
    memory.decide(0, step)
    // One pull in four is rewarded, 300 decisions later.
    if (step % 4 === 0 && step < 2700) {
      memory.learn({ arm: 0, decidedAt: step, heardAt: step + 301, reward: 1, propensity: 1, coin: 0.5 })
    }
  }
  memory.refresh(3000)
  const { count, sum, pending } = memory.beliefs[0]!
  expect(sum).toBe(675)
  expect(count + pending).toBeCloseTo(3000, 6)
  // Of 2700 pulls all rewards have come, of the last 300 none.
  expect(Math.abs(count - 2700)).toBeLessThan(60)
  expect(Math.abs(sum / count - 0.25)).toBeLessThan(0.01)
  expect(memory.beliefs[1]).toMatchObject({ count: 0, sum: 0, pending: 0 })
  memory.restart(0, 3000)
  memory.refresh(3001)
  expect(memory.beliefs[0]).toMatchObject({ count: 0, sum: 0, pending: 0 })
})

test('by context, a memory holds the sums that a store would, and knows what fades of them', () => {
  const features = [Float64Array.of(1, 0.5), Float64Array.of(1, -0.25)]
  const learn = (forgetting: Forgetting, step: number) => {
    const memory = createMemory(['a', 'b'], { pending: 'counted', forgetting, dimension: 2 })
    for (const [at, context] of features.entries()) {
      memory.decide(0, 10 * at)
      const lesson = { arm: 0, decidedAt: 10 * at, heardAt: 20, reward: at, propensity: 1, coin: 0.5 }
      memory.learn({ ...lesson, features: context })
    }
    memory.refresh(step)
    return memory.beliefs.map(({ count, linear }) => ({ count, gram: linear!.gram, moment: linear!.moment }))
  }
  const [a, b] = learn(none, 20)
  expect(a).toEqual({
    count: 2,
    gram: Float64Array.of(2, 0.25, 0.3125),
    moment: Float64Array.of(1, -0.25),
  })
  expect(b).toEqual({ count: 0, gram: new Float64Array(3), moment: new Float64Array(2) })
  const [faded] = learn({ kind: 'half-life', halfLifeMs: 10 }, 20)
  expect(faded!.count).toBeCloseTo(0.75, 6)
  expect(faded!.gram[0]).toBeCloseTo(0.75, 3)
  expect(faded!.gram[1]).toBeCloseTo(0.25 * 0.5 - 0.5 * 0.25, 3)
  expect(faded!.moment[0]).toBeCloseTo(0.5, 3)
})

test('what was learned by context is forgotten with the arm', () => {
  const memory = createMemory(['a'], { pending: 'counted', forgetting: none, dimension: 1 })
  memory.decide(0, 0)
  const lesson = { arm: 0, decidedAt: 0, heardAt: 1, reward: 1, propensity: 1, coin: 0.5 }
  memory.learn({ ...lesson, features: Float64Array.of(1) })
  memory.refresh(1)
  expect(memory.beliefs[0]).toMatchObject({ count: 1, linear: { gram: Float64Array.of(1) } })
  memory.restart(0, 2)
  memory.refresh(2)
  expect(memory.beliefs[0]).toMatchObject({ count: 0, linear: { gram: Float64Array.of(0) } })
})
