import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createKey } from '../../../bandit/random.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import type { Decision } from '../../../bandit/types.ts'
import { learningIds as ids, openLearning } from '../../fixtures/learning-gateway.ts'

/** An endpoint whose only arm is at a version, which the test sets. */
function open(onNewVersion?: { readonly inherit: number }) {
  const clock = () => 1_790_000_000_000
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const served = { version: '1' as string | undefined }
  const arms = [{ name: 'a', minShare: 0, version: () => served.version, onNewVersion }]
  const { agent, learner } = openLearning({ store, clock, arms, windowMs: 60_000 })

  function predict(answeredIn?: string): Decision {
    const drawn = agent.decide(createKey(randomBytes))!
    const decision = answeredIn === undefined ? drawn : agent.answeredIn(drawn, answeredIn)
    agent.answered(decision)
    return decision
  }
  const reward = (decision: Decision, reward: number) =>
    learner.learn({ predictionId: ids.sign(decision), eventId: '', reward })

  /** Predictions, all rewarded alike. */
  async function learn(count: number, each: number): Promise<void> {
    for (let n = 0; n < count; n++) await reward(predict(), each)
    await agent.synchronise()
  }

  const arm = () => agent.view().arms[0]!
  return { agent, learner, served, predict, reward, learn, arm }
}

test('a fresh version starts from nothing, and the one before it is there again when it comes back', async () => {
  const { agent, served, learn, arm } = open({ inherit: 0 })
  await learn(9, 1)
  expect(arm()).toMatchObject({ effectiveCount: 9, mean: 10 / 11 })
  served.version = '2'
  await agent.synchronise()
  expect(arm()).toMatchObject({ effectiveCount: 0, mean: 0.5, pulls: 9, rewarded: 9 })
  expect(agent.experience()).toEqual([{ pulls: 0, rewarded: 0 }])
  await learn(2, 0)
  expect(arm()).toMatchObject({ effectiveCount: 2, mean: 0.25, pulls: 11, rewarded: 11 })
  expect(agent.experience()).toMatchObject([{ pulls: 2, rewarded: 2 }])
  served.version = '1'
  await agent.synchronise()
  expect(arm()).toMatchObject({ effectiveCount: 9, mean: 10 / 11 })
})

test('a version inherits a share of each reward of the others', async () => {
  const { agent, served, learn, arm } = open({ inherit: 0.25 })
  await learn(8, 1)
  served.version = '2'
  await learn(4, 0)
  // 4 of its own, 2 of the other: Beta(1 + 2, 1 + 4).
  expect(arm()).toMatchObject({ effectiveCount: 6, mean: 3 / 8, rewarded: 12 })
  served.version = '3'
  await agent.synchronise()
  // 1 and 2 of those before it: Beta(1 + 2, 1 + 1).
  expect(arm()).toMatchObject({ effectiveCount: 3, mean: 3 / 5 })
})

test('a reward goes to the version that answered, whenever it comes', async () => {
  const { agent, served, predict, reward, arm } = open({ inherit: 0 })
  const early = predict()
  expect(early).toMatchObject({ arm: 'a', version: '1', edition: 'a@1' })
  // Drawn when version 1 was served, answered by the next one.
  const overtaken = predict('2')
  expect(overtaken).toMatchObject({ arm: 'a', version: '2', edition: 'a@2' })
  served.version = '2'
  const outcome = await reward(early, 1)
  expect(outcome).toMatchObject({ status: 'applied', arm: 'a' })
  await agent.synchronise()
  expect(arm()).toMatchObject({ effectiveCount: 0, pending: 1, pulls: 2, rewarded: 1 })
  await reward(overtaken, 0)
  await agent.synchronise()
  expect(arm()).toMatchObject({ effectiveCount: 1, mean: 1 / 3, pending: 0, rewarded: 2 })
})

test('what was learned before versions were told apart is of another version', async () => {
  const { served, learn, arm } = open({ inherit: 0.5 })
  served.version = undefined
  await learn(4, 1)
  served.version = '1'
  await learn(1, 1)
  expect(arm()).toMatchObject({ effectiveCount: 3, rewarded: 5 })
})

test('without a word about it what was learned goes on through all versions', async () => {
  const { served, predict, learn, arm } = open()
  await learn(3, 1)
  served.version = '2'
  expect(predict()).not.toHaveProperty('edition')
  await learn(3, 1)
  expect(arm()).toMatchObject({ effectiveCount: 6, mean: 7 / 8 })
})
