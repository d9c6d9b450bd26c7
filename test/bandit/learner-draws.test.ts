import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import {
  createKey,
  createLearner,
  createLedger,
  createPredictionIds,
  noForgetting,
  type RewardBounds,
  unitBounds,
} from '../../bandit/index.ts'
import { coinFromKey, uniformFromKey } from '../../bandit/random.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'

const windowMs = 60_000
const bucketMs = 1000
const now = 1_790_000_000_000
const generation = '00000000'
const ids = createPredictionIds([{ id: 1, secret: 'a secret of the tests' }])

function open(bounds: RewardBounds = unitBounds) {
  const backing = createSqliteStore({ path: ':memory:', clock: () => now })
  onTestFinished(() => backing.close())
  const store = backing.endpoint({ endpoint: 'shop', generation, windowMs, bucketMs })
  const ledger = createLedger({ ids, store, windowMs, labelOutput: undefined })
  const times = { windowMs, bucketMs, forgetting: noForgetting }
  const learning = { endpoint: 'shop', generation, store, ledger, bounds, ...times }
  const endpoints = new Map([['shop', { ...learning, rewardFrom: 'reward', combine: 'last' } as const]])
  const learner = createLearner({ ids, endpoints, clock: () => now })
  const idOf = (key: string, propensity: number) =>
    ids.sign({
      key,
      endpoint: 'shop',
      arm: 'a',
      propensity,
      policy: 'exp3',
      decidedAt: now,
      generation,
      degraded: false,
    })
  const sums = async () => [...((await store.readState())!.arms.get('a')!.epochs.get(0) ?? [])]
  return { learner, idOf, sums }
}

test('a reward is divided by the propensity that its id carries, and by the same when it is corrected', async () => {
  const { learner, idOf, sums } = open()
  const predictionId = idOf(createKey(randomBytes), 0.25)
  await learner.learn({ predictionId, eventId: 'x', reward: 1 })
  expect((await sums())[3]).toBe(4_000_000)
  await learner.learn({ predictionId, eventId: 'x', reward: 0.5 })
  expect((await sums())[3]).toBe(2_000_000)
  await learner.learn({ predictionId, eventId: 'x', reward: 0 })
  expect((await sums()).slice(1)).toEqual(Array.from({ length: 36 }, () => 0))
})

test("the coin of a reward is the decision's own: it falls the same every time, and by the reward in the mean", async () => {
  const { learner, idOf, sums } = open()
  const keys = Array.from({ length: 400 }, () => createKey(randomBytes))
  for (const key of keys) await learner.learn({ predictionId: idOf(key, 1), eventId: '', reward: 0.3 })
  const successes = keys.filter((key) => coinFromKey(key) < 0.3).length
  expect((await sums())[4]).toBe(successes * 1_000_000)
  // Misses five standard deviations for one run in two million.
  expect(Math.abs(successes - 120)).toBeLessThan(46)
})

test('the coin says nothing of the draw', () => {
  expect(coinFromKey('AAAAAAAAAAAAAAAA')).toBe(0)
  expect(coinFromKey('________________')).toBe(1 - 2 ** -42)
  expect(coinFromKey('_________AAAAAAA')).toBe(0)
  expect(uniformFromKey('AAAAAAAAA_______')).toBe(0)
  expect(() => coinFromKey('short')).toThrow(RangeError)
})

test('rewards in their own bounds are learned as shares of them and answered as they came', async () => {
  const { learner, idOf, sums } = open({ low: -20, high: 180 })
  const learn = (reward: number) =>
    learner.learn({ predictionId: idOf(createKey(randomBytes), 1), eventId: '', reward })
  expect(await learn(30)).toMatchObject({ status: 'applied', reward: 30 })
  expect((await sums()).slice(0, 3)).toEqual([1_000_000, 250_000, 62_500])
  expect(await learn(-20)).toMatchObject({ status: 'applied', reward: -20 })
  for (const reward of [180.01, -20.01, Number.NaN]) {
    expect(await learn(reward)).toMatchObject({
      status: 'invalid',
      detail: 'reward must be a number from -20 to 180',
    })
  }
  expect((await sums())[0]).toBe(2_000_000)
})
