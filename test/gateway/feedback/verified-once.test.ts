import { expect, onTestFinished, test } from 'vitest'
import { createJournalledLearner, createWorthKeeping } from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { limitedLearner } from '../../../gateway/feedback/limited-learner.ts'
import { createRewardShares } from '../../../gateway/security/limits/reward-shares.ts'
import { newJournal } from '../../bandit/journal/fixture.ts'
import { accessByScope, bearer, newKey } from '../../fixtures/access.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { learningIds, openLearning } from '../../fixtures/learning-gateway.ts'

const now = 1_790_000_000_000
const clock = () => now

/** Feedback on its whole way: a bound key, its share, the journal, the learner. */
async function open() {
  let verified = 0
  const counted = {
    ...learningIds,
    verify(id: string) {
      verified++
      return learningIds.verify(id)
    },
  }
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const arms = [{ name: 'first', minShare: 0 }]
  const { learner, endpoints, generation } = openLearning({
    store,
    clock,
    arms,
    windowMs: 60_000,
    ids: counted,
  })
  const { journal } = await newJournal({ clock })
  const told = () => undefined
  const journalled = createJournalledLearner({
    learner: limitedLearner(learner),
    journal,
    availability: {
      isAway: () => false,
      isCatchingUp: () => false,
      isRecovering: () => false,
      lost: told,
      back: told,
      caughtUp: told,
      changed: told,
    },
    records: { find: told },
    worthKeeping: createWorthKeeping({ ids: counted, endpoints }),
    acceptedAt: clock,
    events: { failing: told, recovered: told },
  })
  const shop = newKey('shop', { endpoints: ['shop'] })
  const { access } = accessByScope([shop.config])
  const rewardShares = createRewardShares({ config: { most: 0.5, after: 4 }, monotonic: () => 0 })
  const gateway = createTestGateway([createFakeEndpoint({ name: 'shop' })], {
    ids: counted,
    learner: journalled,
    access: { ...access, rewardShares },
    clock,
  })
  const id = learningIds.sign({
    key: 'AAAAAAAAAAAAAAAA',
    endpoint: 'shop',
    arm: 'first',
    propensity: 1,
    policy: 'uniform',
    decidedAt: now - 1000,
    generation,
    degraded: false,
  })
  return {
    id,
    verified: () => verified,
    send: (prediction_id: string) =>
      post(gateway, '/feedback', { prediction_id, reward: 1 }, bearer(shop.key)),
  }
}

test('an id is verified once, however many ask what it says', async () => {
  const { id, send, verified } = await open()
  expect((await send(id)).body['status']).toBe('applied')
  expect(verified()).toBe(1)
})

test('so is one that was not issued here', async () => {
  const { id, send, verified } = await open()
  expect((await send(`${id}AAAA`)).body['code']).toBe('forged_prediction_id')
  expect(verified()).toBe(1)
})
