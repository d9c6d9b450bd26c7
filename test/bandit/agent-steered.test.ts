import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { createKey } from '../../bandit/random.ts'
import { openLearning } from '../fixtures/learning-gateway.ts'

const open = () => {
  const clock = () => 1_790_000_000_000
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const arms = ['a', 'b', 'c'].map((name) => ({ name, minShare: 0 }))
  return openLearning({ store, clock, arms, windowMs: 60_000 }).agent
}

const even = { minShare: 0 }
const out = { minShare: 0.4, excluded: true }
const key = () => createKey(randomBytes)

test('an arm out of the choice is never drawn, and its floor is kept for nobody', () => {
  const agent = open()
  agent.steer([out, even, even])
  for (let i = 0; i < 200; i++) {
    const decision = agent.decide(key())!
    expect(decision.arm).not.toBe('a')
    expect(decision.propensity).toBeCloseTo(0.5, 12)
    expect(decision.basis!.arms).toEqual(['b', 'c'])
  }
  expect(agent.view().arms.map(({ share }) => share)).toEqual([0, 0.5, 0.5])
  // Not even when nobody else can answer.
  expect(agent.decide(key(), new Set(['b', 'c']))).toBeUndefined()
})

test('with every arm out there is no decision, and a view all the same', async () => {
  const agent = open()
  agent.steer([out, out, out])
  expect(agent.decide(key())).toBeUndefined()
  await agent.synchronise()
  expect(agent.view().arms.map(({ share }) => share)).toEqual([0, 0, 0])
  agent.steer([even, even, even])
  expect(agent.decide(key())!.propensity).toBeCloseTo(1 / 3, 12)
})

test('shares given later hold at once and go with the snapshot that decisions name', () => {
  const agent = open()
  const before = agent.decide(key())!.basis!
  agent.steer([{ minShare: 0.5 }, { minShare: 0, maxShare: 0.1 }, even])
  const after = agent.decide(key())!.basis!
  expect([...after.distribution]).toEqual([0.6, 0.1, 0.3].map((share) => expect.closeTo(share, 12)))
  expect(after.snapshot.limits).toEqual([{ minShare: 0.5 }, { minShare: 0, maxShare: 0.1 }, even])
  expect(before.snapshot.limits.map(({ minShare }) => minShare)).toEqual([0, 0, 0])
  expect(after.snapshot).not.toBe(before.snapshot)
})
