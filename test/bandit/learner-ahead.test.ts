import { expect, onTestFinished, test } from 'vitest'
import { createLearner, createLedger, createWorthKeeping } from '../../bandit/index.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { about, decisionOf, ids, rules, settings, windowMs } from './journal/shop.ts'

const now = 1_790_000_000_000

function open() {
  const backing = createSqliteStore({ path: ':memory:', clock: () => now })
  onTestFinished(() => backing.close())
  const store = backing.endpoint(settings)
  const ledger = createLedger({ ids, store, windowMs, labelOutput: undefined })
  const endpoints = new Map([['shop', { ...rules, ...settings, store, ledger }]])
  const isAhead = (at: number) => at > now + 5000
  return {
    store,
    learner: createLearner({ ids, endpoints, clock: () => now, isAhead }),
    unsure: createLearner({ ids, endpoints, clock: () => now }),
    worthKeeping: createWorthKeeping({ ids, endpoints, isAhead }),
  }
}

const soon = about(decisionOf(1, 'a', now + 4000), { reward: 1 })
const farAhead = about(decisionOf(2, 'a', now + 7_200_000), { reward: 1 })

test('an id of more than 5 s ahead is refused in words, and reaches neither journal nor store', async () => {
  const { store, learner, worthKeeping } = open()
  expect(await learner.learn(farAhead)).toMatchObject({
    status: 'invalid',
    detail: expect.stringMatching(/is dated 7200 s ahead of the store's clock, .* send it again once/),
  })
  expect(
    await learner.learn({ predictionId: farAhead.predictionId!, eventId: '', void: true }),
  ).toMatchObject({
    status: 'invalid',
  })
  expect(worthKeeping(farAhead)).toBe(false)
  expect((await store.readState())!.version).toBe(0)
})

test('clocks may be a little apart: what comes before its decision has no delay', async () => {
  const { learner, worthKeeping } = open()
  expect(worthKeeping(soon)).toBe(true)
  expect(await learner.learn(soon)).toMatchObject({ status: 'applied', reward: 1 })
})

test('what was accepted while nobody knew the time stays accepted', async () => {
  const { learner, unsure } = open()
  expect(await unsure.learn(farAhead)).toMatchObject({ status: 'applied' })
  const replayed = about(decisionOf(3, 'a', now + 7_200_000), { reward: 1, acceptedAt: now - 1000 })
  expect(await learner.learn(replayed)).toMatchObject({ status: 'applied' })
})
