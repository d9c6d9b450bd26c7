import { describe, expect, test } from 'vitest'
import { createFakeArm, createFakeEndpoint, labels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const stored = { ledger: 'stored' } as const

describe('an endpoint with a stored ledger', () => {
  test('has recorded the decision before the answer leaves', async () => {
    const endpoint = createFakeEndpoint({
      settings: {
        ...stored,
        reward: { from: 'label', output: 'label', windowMs: 1000, default: undefined, combine: 'first' },
      },
    })
    const { body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(body['decision']).toEqual({ policy: 'uniform', propensity: 0.5, degraded: false })
    const [key] = endpoint.store.records.keys()
    expect(key).toBe(endpoint.agent.decided[0]!.key)
    expect(await endpoint.ledger.readLabels(key!)).toEqual({ labels: [7], others: {} })
  })

  test('records what each member of an ensemble predicted, too', async () => {
    const committee = createFakeArm('committee')
    const said = [
      { model: 'a', outputs: labels([7]) },
      { model: 'b', outputs: labels([3]) },
      { model: 'c', outputs: [{ ...labels([3])[0]!, name: 'other' }] },
    ]
    committee.infer = () => Promise.resolve({ outputs: labels([7]), said })
    const reward = {
      from: 'label',
      output: 'label',
      windowMs: 1000,
      default: undefined,
      combine: 'first',
    } as const
    const endpoint = createFakeEndpoint({ arms: [committee], settings: { ...stored, reward } })
    await post(createTestGateway([endpoint]), '/predict', { inputs })
    const [key] = endpoint.store.records.keys()
    expect(await endpoint.ledger.readLabels(key!)).toEqual({
      labels: [7],
      others: { 'model:a': [7], 'model:b': [3] },
    })
  })

  test('still answers when the store is away, and says so', async () => {
    const endpoint = createFakeEndpoint({ settings: stored })
    endpoint.store.isAway = true
    const { status, body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(status).toBe(200)
    expect(body).toMatchObject({ outputs: { label: [7] }, decision: { recorded: false, degraded: true } })
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
  })

  test('leaves nothing in flight when the store breaks in another way', async () => {
    const endpoint = createFakeEndpoint({ settings: stored })
    endpoint.store.recordDecision = () => Promise.reject(new Error('WRONGTYPE'))
    const { status, body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect([status, body['code']]).toEqual([500, 'internal'])
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
  })
})

test('an endpoint with signed ids writes nothing to the store', async () => {
  const endpoint = createFakeEndpoint()
  await post(createTestGateway([endpoint]), '/predict', { inputs })
  expect(endpoint.store.records.size).toBe(0)
})

describe('the caller’s own id', () => {
  test('gets the same answer again, without running anything', async () => {
    const arm = createFakeArm('first')
    const endpoint = createFakeEndpoint({ arms: [arm] })
    const gateway = createTestGateway([endpoint])
    const first = await post(gateway, '/predict', { inputs, id: 'order-9' })
    arm.behaviour = labels([1])
    const second = await post(gateway, '/predict', { inputs, id: 'order-9' })
    expect(second.body).toEqual({
      ...first.body,
      decision: { ...(first.body['decision'] as object), repeated: true },
    })
    expect(arm.calls).toBe(1)
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
    expect(await gateway.registry.metrics()).toContain('reason="repeated"} 1')
  })

  test('is the endpoint’s own: another endpoint knows nothing of it', async () => {
    const gateway = createTestGateway([createFakeEndpoint(), createFakeEndpoint({ name: 'spam' })])
    const first = await post(gateway, '/predict/digits', { inputs, id: 'order-9' })
    const other = await post(gateway, '/predict/spam', { inputs, id: 'order-9' })
    expect(other.body['decision']).not.toHaveProperty('repeated')
    expect(other.body['prediction_id']).not.toBe(first.body['prediction_id'])
  })

  test('used by two requests at once gets one decision and one answer', async () => {
    const arm = createFakeArm('first')
    const answers = [labels([1]), labels([2])]
    arm.behaviour = () => answers.shift()!
    const endpoint = createFakeEndpoint({ arms: [arm] })
    const gateway = createTestGateway([endpoint])
    const [one, two] = await Promise.all([
      post(gateway, '/predict', { inputs, id: 'order-9' }),
      post(gateway, '/predict', { inputs, id: 'order-9' }),
    ])
    expect(arm.calls).toBe(2)
    expect(two.body['outputs']).toEqual(one.body['outputs'])
    expect(two.body['prediction_id']).toBe(one.body['prediction_id'])
    expect(endpoint.agent.settled.map(({ as }) => as).toSorted()).toEqual(['abandoned', 'answered'])
  })

  test('is answered afresh while the store is away', async () => {
    const arm = createFakeArm('first')
    const endpoint = createFakeEndpoint({ arms: [arm] })
    const gateway = createTestGateway([endpoint])
    await post(gateway, '/predict', { inputs, id: 'order-9' })
    endpoint.store.isAway = true
    const { status, body } = await post(gateway, '/predict', { inputs, id: 'order-9' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ decision: { recorded: false, degraded: true } })
    expect(arm.calls).toBe(2)
  })

  test('whose record cannot be read for another reason is a fault of ours', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.store.readDecision = () => Promise.reject(new Error('WRONGTYPE'))
    const { status } = await post(createTestGateway([endpoint]), '/predict', { inputs, id: 'order-9' })
    expect(status).toBe(500)
    expect(endpoint.agent.decided).toEqual([])
  })
})
