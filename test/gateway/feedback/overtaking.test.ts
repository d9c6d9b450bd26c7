import { expect, test } from 'vitest'
import { createParking } from '../../../gateway/feedback/parking.ts'
import { endpoint, openWorld } from '../../bandit/support/delayed-world.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { learningIds } from '../../fixtures/learning-gateway.ts'

const arms = [{ name: 'only', mean: 1, meanDelay: 1 }]

test('feedback under the own id of a caller may come before its prediction, and counts once', async () => {
  let now = 1_700_000_000_000
  const clock = () => now
  const { agent, learner, ledger, store } = openWorld({ arms, window: 600 }, clock)
  const settled: string[] = []
  const parking = createParking({
    learner,
    endpoints: new Set([endpoint]),
    clock,
    settled: ({ status }) => void settled.push(status),
  })
  const fake = createFakeEndpoint({ arms: [createFakeArm('only')], clock })
  const gateway = createTestGateway([{ ...fake, agent, ledger }], {
    ids: learningIds,
    learner,
    parking,
    clock,
  })
  const feedback = { endpoint, id: 'order-9', reward: 1 }

  expect(await post(gateway, '/feedback', feedback)).toMatchObject({
    status: 202,
    body: { status: 'parked' },
  })
  now += 100
  await parking.retry()
  const inputs = { pixels: [[0, 0, 0, 0]] }
  expect((await post(gateway, `/predict/${endpoint}`, { inputs, id: 'order-9' })).status).toBe(200)
  expect(settled).toEqual([])
  await parking.retry()
  expect(settled).toEqual(['applied'])
  expect((await post(gateway, '/feedback', feedback)).body).toMatchObject({ status: 'duplicate' })

  await agent.synchronise()
  await agent.synchronise()
  expect(agent.view().arms[0]).toMatchObject({ pulls: 1, rewarded: 1, pending: 0, effectiveCount: 1 })
  await store.close()
})
