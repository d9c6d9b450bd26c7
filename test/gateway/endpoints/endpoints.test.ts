import { describe, expect, test } from 'vitest'
import type { WorkerView } from '../../../gateway/endpoint-runtime.ts'
import { createFakeArm, createFakeEndpoint, pixels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const workers: WorkerView[] = [
  { model: 'first', replica: 0, state: 'up', restarts: 2 },
  { model: 'other', replica: 0, state: 'up', restarts: 0 },
  { model: 'b', replica: 0, state: 'starting', restarts: 0 },
]

describe('GET /endpoints/{name}', () => {
  test('shows what is configured, what was learned and who can answer', async () => {
    const arms = [createFakeArm('first'), createFakeArm('committee')]
    arms[1]!.isUp = false
    const endpoint = createFakeEndpoint({
      arms,
      settings: {
        arms: [
          { kind: 'model', name: 'first', model: 'first', minShare: 0.1 },
          {
            kind: 'ensemble',
            name: 'committee',
            members: [
              { model: 'a', weight: 1 },
              { model: 'b', weight: 2 },
            ],
            combine: 'mean',
            quorum: 2,
            deadlineMs: 50,
            argmax: { output: 'label', over: 'scores' },
            minShare: 0,
          },
        ],
        reward: { from: 'label', output: 'label', windowMs: 60_000, default: 0, combine: 'last' },
        policy: { name: 'thompson', halfLifeMs: 6000, prior: { alpha: 1, beta: 2 } },
        ledger: 'stored',
      },
    })
    const { status, body } = await get(
      createTestGateway([endpoint], { workers: () => workers }),
      '/endpoints/digits',
    )
    expect(status).toBe(200)
    const learned = {
      mean: 0.5,
      interval: [0.1, 0.9],
      probability_best: 0.5,
      share: 0.5,
      effective_rewards: 4,
      pending: 2,
      pulls: 9,
      rewarded: 4,
      defaulted: 1,
      voided: 0,
      written_off: 2,
      pending_by_age: [{ up_to_ms: null, pulls: 2 }],
    }
    expect(body).toEqual({
      name: 'digits',
      policy: { name: 'thompson', half_life_ms: 6000, prior: { alpha: 1, beta: 2 } },
      reward: { from: 'label', output: 'label', window_ms: 60_000, default: 0, combine: 'last' },
      ledger: 'stored',
      deadline_ms: 1000,
      inputs: [pixels],
      version: 3,
      warnings: [],
      expected_regret: { per_decision: 0.25, since_start: 4.5 },
      snapshot_age_ms: 250,
      arms: [
        {
          name: 'first',
          state: 'active',
          model: 'first',
          min_share: 0.1,
          ...learned,
          replicas: [workers[0]],
        },
        {
          name: 'committee',
          state: 'unavailable',
          ensemble: [
            { model: 'a', weight: 1 },
            { model: 'b', weight: 2 },
          ],
          combine: 'mean',
          quorum: 2,
          deadline_ms: 50,
          argmax: { output: 'label', over: 'scores' },
          min_share: 0,
          ...learned,
          replicas: [workers[2]],
        },
      ],
    })
  })

  test('has no age before the store was first read', async () => {
    const endpoint = createFakeEndpoint({ inputs: undefined })
    const view = endpoint.agent.view()
    endpoint.agent.view = () => ({ ...view, snapshotAgeMs: Infinity })
    const { body } = await get(createTestGateway([endpoint]), '/endpoints/digits')
    expect(body['snapshot_age_ms']).toBeNull()
    expect(body).not.toHaveProperty('inputs')
  })

  test('what was learned before the store was emptied is said to stand', async () => {
    const endpoint = createFakeEndpoint()
    const view = endpoint.agent.view()
    endpoint.agent.view = () => ({ ...view, holding: { rewardedBefore: 812, rewarded: 3 } })
    const gateway = createTestGateway([endpoint])
    const { body } = await get(gateway, '/endpoints/digits')
    expect(body['holding']).toEqual({ rewarded: 812, in_store: 3 })
    const metrics = await (await gateway.app.request('/metrics')).text()
    expect(metrics).toContain('bandit_endpoint_holding{endpoint="digits"} 1')
    endpoint.agent.view = () => view
    expect((await get(gateway, '/endpoints/digits')).body).not.toHaveProperty('holding')
  })

  test('an arm whose every replica is quarantined is so itself', async () => {
    const arm = createFakeArm('first')
    arm.isUp = false
    const stateWith = async (states: WorkerView['state'][]) => {
      const replicas = states.map((state, replica) => ({ model: 'first', replica, state, restarts: 5 }))
      const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })], { workers: () => replicas })
      return (await get(gateway, '/endpoints/digits')).body as { arms: { state: string }[] }
    }
    expect((await stateWith(['quarantined', 'quarantined'])).arms[0]!.state).toBe('quarantined')
    expect((await stateWith(['quarantined', 'down'])).arms[0]!.state).toBe('unavailable')
  })

  test('an arm says why it does not fit, and that it rests after its faults', async () => {
    const misfit = () => 'model first takes other inputs than second'
    const arms = [{ ...createFakeArm('first'), available: () => false, misfit }, createFakeArm('second')]
    const endpoint = createFakeEndpoint({ arms })
    while (!endpoint.failover.failed('second', new Error('no answer'))) continue
    const { body } = await get(createTestGateway([endpoint]), '/endpoints/digits')
    const { arms: shown } = body as { arms: Record<string, unknown>[] }
    expect(shown[0]).toMatchObject({
      state: 'unavailable',
      misfit: 'model first takes other inputs than second',
    })
    expect(shown[0]).not.toHaveProperty('resting')
    expect(shown[1]).toMatchObject({ state: 'active', resting: true })
    expect(shown[1]).not.toHaveProperty('misfit')
  })

  test.each(['spam', '__proto__', 'constructor', 'DIGITS'])('%s is unknown', async (name) => {
    expectProblem(await get(createTestGateway(), `/endpoints/${name}`), 'unknown_endpoint')
  })
})

test('GET /endpoints shows them all, each as by itself', async () => {
  const gateway = createTestGateway([createFakeEndpoint(), createFakeEndpoint({ name: 'spam' })])
  const { body } = await get(gateway, '/endpoints')
  const each = await Promise.all(['digits', 'spam'].map((name) => get(gateway, `/endpoints/${name}`)))
  expect(body).toEqual({ endpoints: each.map((one) => one.body) })
})
