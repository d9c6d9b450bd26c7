import { expect, test } from 'vitest'
import { createMemory } from '../../../bandit/simulate/memory.ts'

const none = { kind: 'none' } as const

test('a reward adds to every sum, and a fractional one is a success by its coin', () => {
  const memory = createMemory(['a', 'b'], { pending: 'counted', forgetting: none })
  memory.decide(0)
  memory.decide(0)
  memory.decide(1)
  memory.learn(0, 0, 0.25, 0.5, 0.2)
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
  memory.decide(0)
  expect(memory.beliefs[0]).toMatchObject({ count: 1, sum: 0, pending: 0 })
  memory.learn(0, 0, 1, 1, 0.5)
  expect(memory.beliefs[0]).toMatchObject({ count: 1, sum: 1, pending: 0 })
})

test('an arm that was replaced has forgotten everything and takes no reward of the one before', () => {
  const memory = createMemory(['a'], { pending: 'counted', forgetting: none })
  memory.decide(0)
  memory.decide(0)
  memory.learn(0, 0, 1, 1, 0.5)
  memory.restart(0, 10)
  memory.learn(0, 1, 1, 1, 0.5)
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
    memory.decide(0)
    memory.learn(0, decidedAt, reward, 1, 0.5)
  }
  memory.decide(0)
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
    memory.decide(0)
    memory.learn(0, decidedAt, 1, 1, 0.5)
  }
  memory.refresh(600)
  expect(memory.beliefs[0]!.count).toBeCloseTo(3, 6)
  memory.refresh(2000)
  expect(memory.beliefs[0]!.count).toBe(0)
})
