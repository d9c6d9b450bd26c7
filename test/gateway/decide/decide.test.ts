import { describe, expect, test } from 'vitest'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post, put } from '../../fixtures/gateway-app.ts'

const values = (): Parameters<typeof createFakeEndpoint>[0] => ({
  inputs: undefined,
  settings: {
    arms: [
      { kind: 'value', name: 'first', value: { theme: 'dark' }, minShare: 0 },
      { kind: 'value', name: 'second', value: false, minShare: 0 },
    ],
  },
})

describe('a decision without inference', () => {
  test('names an arm and its prediction, is counted as answered, and asks no model', async () => {
    const arms = [createFakeArm('first'), createFakeArm('second')]
    const endpoint = createFakeEndpoint({ arms })
    const gateway = createTestGateway([endpoint])
    const { status, body } = await post(gateway, '/decide/digits', {})
    expect(status).toBe(200)
    expect(body).toEqual({
      prediction_id: expect.stringMatching(/^[\w-]{60,}$/),
      endpoint: 'digits',
      arm: 'first',
      decision: { policy: 'uniform', propensity: 0.5, degraded: false },
    })
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
    expect(arms.map(({ calls }) => calls)).toEqual([0, 0])
    expect(await gateway.registry.metrics()).toContain(
      'bandit_decisions_total{endpoint="digits",arm="first",policy="uniform",reason="policy"} 1',
    )
  })

  test('brings the value of its arm', async () => {
    const gateway = createTestGateway([createFakeEndpoint(values())])
    const { body } = await post(gateway, '/decide', { endpoint: 'digits', key: 'user-1' })
    expect(body).toMatchObject({ arm: 'first', value: { theme: 'dark' } })
  })

  test('does not mind models that are down, and never takes an arm that is paused', async () => {
    const arms = [createFakeArm('first'), createFakeArm('second')]
    for (const arm of arms) arm.isUp = false
    const gateway = createTestGateway([createFakeEndpoint({ arms })])
    await put(gateway, '/endpoints/digits/arms/first', { state: 'paused' })
    expect((await post(gateway, '/decide/digits', {})).body).toMatchObject({ arm: 'second' })
    await put(gateway, '/endpoints/digits/arms/second', { state: 'paused' })
    const { status, body } = await post(gateway, '/decide/digits', {})
    expect([status, body['code']]).toEqual([503, 'no_arm_available'])
  })

  test("is the same again under the caller's own id, and counted once", async () => {
    const endpoint = createFakeEndpoint()
    const gateway = createTestGateway([endpoint])
    const first = await post(gateway, '/decide/digits', { id: 'order-9' })
    const again = await post(gateway, '/decide/digits', { id: 'order-9' })
    expect(again.body).toMatchObject({
      prediction_id: first.body['prediction_id'],
      decision: { repeated: true },
    })
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
    const predicted = await post(gateway, '/predict/digits', {
      id: 'order-9',
      inputs: { pixels: [0, 1, 2, 3] },
    })
    expect([predicted.status, predicted.body['pointer']]).toEqual([422, '/id'])
  })

  test('goes on while the store is away, and says that it could not be recorded', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.store.isAway = true
    const { status, body } = await post(createTestGateway([endpoint]), '/decide/digits', { id: 'order-9' })
    expect([status, body['decision']]).toMatchObject([200, { degraded: true, recorded: false }])
  })

  test('is refused where true labels are compared with outputs that nobody has', async () => {
    const reward = {
      from: 'label',
      output: 'label',
      windowMs: 1000,
      default: undefined,
      combine: 'first',
    } as const
    const endpoint = createFakeEndpoint({ settings: { reward, ledger: 'stored' } })
    const { status, body } = await post(createTestGateway([endpoint]), '/decide/digits', {})
    expect([status, body['code']]).toEqual([422, 'outputs_needed'])
    expect(endpoint.agent.decided).toEqual([])
  })

  test('takes no inputs, and what infers nothing refuses them', async () => {
    const gateway = createTestGateway([createFakeEndpoint(values())])
    const inputs = { pixels: [0, 1, 2, 3] }
    const decided = await post(gateway, '/decide/digits', { inputs })
    expect([decided.status, decided.body['code']]).toEqual([422, 'unknown_field'])
    const predicted = await post(gateway, '/predict/digits', { inputs })
    expect([predicted.status, predicted.body['code']]).toEqual([422, 'nothing_to_infer'])
  })
})
