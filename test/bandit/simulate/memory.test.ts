import { expect, test } from 'vitest'
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
