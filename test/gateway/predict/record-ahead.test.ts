import { expect, test } from 'vitest'
import { createEncoding } from '../../../bandit/index.ts'
import type { EndpointConfig } from '../../../gateway/config/endpoint-config.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const schema = { features: [{ kind: 'range', name: 'age', low: 0, high: 100 }], interactions: [] } as const
const question = { inputs: { pixels: [[0, 1, 2, 3]] }, context: { age: 40 } }

function open(settings: Partial<EndpointConfig> = {}) {
  const arm = createFakeArm('first')
  const other = createFakeArm('second')
  const fake = createFakeEndpoint({
    arms: [arm, other],
    settings: { ledger: 'stored', context: schema, ...settings },
  })
  const gateway = createTestGateway([{ ...fake, encoding: createEncoding(schema) }])
  return { arm, other, gateway, ...fake }
}

test('the context is recorded while the arm computes, and is there when the answer leaves', async () => {
  const { arm, gateway, store, ledger } = open()
  let recordedBefore = -1
  arm.onCall = () => void (recordedBefore = store.records.size)
  const { status } = await post(gateway, '/predict', question)
  expect([status, recordedBefore]).toEqual([200, 1])
  const [key] = store.records.keys()
  expect([...(await ledger.readFeatures(key!))!]).toEqual([1, 0.4])
})

test('the arm that answers in place of another finds the same record', async () => {
  const { arm, gateway, store, agent } = open()
  arm.behaviour = 'unreachable'
  const { body } = await post(gateway, '/predict', question)
  expect(body['arm']).toBe('second')
  expect(store.records.size).toBe(1)
  expect(agent.settled).toEqual([
    { arm: 'first', as: 'abandoned' },
    { arm: 'second', as: 'answered' },
  ])
})

test('outputs that have to be kept wait for the answer, and the context with them', async () => {
  const reward = {
    from: 'label',
    output: 'label',
    windowMs: 1000,
    default: undefined,
    combine: 'first',
  } as const
  const { arm, gateway, store, ledger } = open({ reward })
  let recordedBefore = -1
  arm.onCall = () => void (recordedBefore = store.records.size)
  await post(gateway, '/predict', question)
  expect(recordedBefore).toBe(0)
  const [key] = store.records.keys()
  expect(await ledger.readLabels(key!)).toEqual({ labels: [7], others: {} })
  expect([...(await ledger.readFeatures(key!))!]).toEqual([1, 0.4])
})

test('a store that breaks fails the request once an arm has answered, and leaves nothing in flight', async () => {
  const { gateway, store, agent } = open()
  store.recordDecision = () => Promise.reject(new Error('WRONGTYPE'))
  const { status, body } = await post(gateway, '/predict', question)
  expect([status, body['code']]).toEqual([500, 'internal'])
  expect(agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
})

test('without an answer a store that is away goes unheard', async () => {
  const { arm, other, gateway, store } = open()
  arm.behaviour = other.behaviour = 'unreachable'
  store.isAway = true
  expect((await post(gateway, '/predict', question)).status).toBe(503)
})
