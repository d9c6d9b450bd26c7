import { expect, onTestFinished, test } from 'vitest'
import type { Forgetting } from '../../bandit/beliefs/forgetting.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { openLearning } from '../fixtures/learning-gateway.ts'

const start = 1_790_000_000_000
const bucketMs = 1000

/** An agent that has learned one reward of 1, which counts `weight` in that epoch; and how much is left of it later. */
async function rewardedOnce(forgetting: Forgetting, epoch: number, weight: number) {
  let now = start
  const clock = () => now
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const arms = [{ name: 'a', minShare: 0 }]
  const { agent, store: state } = openLearning({ store, clock, arms, windowMs: 60_000, bucketMs, forgetting })
  await state.applyReward({
    key: 'AAECAwQFBgcICQoL',
    arm: 'a',
    decidedAt: now,
    bucket: now / bucketMs,
    epoch,
    expectedMark: '',
    mark: 'x',
    delta: rewardDelta(1e6, weight),
  })
  return {
    effectiveAfter: async (passedMs: number) => {
      now += passedMs
      await agent.synchronise()
      return agent.view().arms[0]!.effectiveCount
    },
    epochs: async () => (await state.readState())!.arms.get('a')!.epochs.size,
  }
}

test('rewards older than a sliding window count no more and are dropped', async () => {
  const spanMs = 64_000
  const { effectiveAfter, epochs } = await rewardedOnce({ kind: 'sliding-window', spanMs }, start / 2000, 1)
  expect(await effectiveAfter(0)).toBe(1)
  expect(await effectiveAfter(spanMs)).toBe(1)
  expect(await effectiveAfter(500)).toBe(0.75)
  expect(await effectiveAfter(1500)).toBe(0)
  await effectiveAfter(2000)
  expect(await epochs()).toBe(0)
})

test('old rewards fade by the half-life and are forgotten in the end', async () => {
  const halfLifeMs = 60_000
  const epoch = Math.floor(start / halfLifeMs)
  const weight = 2 ** (start / halfLifeMs - epoch)
  const { effectiveAfter, epochs } = await rewardedOnce({ kind: 'half-life', halfLifeMs }, epoch, weight)
  expect(await effectiveAfter(0)).toBeCloseTo(1, 5)
  expect(await effectiveAfter(halfLifeMs)).toBeCloseTo(0.5, 5)
  expect(await effectiveAfter(2 * halfLifeMs)).toBeCloseTo(0.125, 5)
  await effectiveAfter(60 * halfLifeMs)
  expect(await epochs()).toBe(0)
})
