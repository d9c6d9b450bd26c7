import { describe, expect, test } from 'vitest'
import type { Caller } from '../../../gateway/upstream/arm.ts'
import { createFakeArm, createFakeEndpoint, labels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const exact = { inputs, id: 'nightly-7', exact: true }

const setUp = (settings: { deadlineMs?: number } = {}) => {
  const arm = createFakeArm('first')
  const endpoint = createFakeEndpoint({ arms: [arm, createFakeArm('second', labels([3]))], settings })
  return { arm, endpoint, gateway: createTestGateway([endpoint]) }
}

describe('an exact prediction', () => {
  test.each(['timeout', 'unreachable', 'overloaded'] as const)(
    'is of the arm that its id draws, or of none while that is %s',
    async (code) => {
      const { arm, endpoint, gateway } = setUp()
      arm.behaviour = code
      const refused = await post(gateway, '/predict', exact)
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).not.toBeNull()
      expect(refused.body['detail']).toContain('first cannot answer now')
      expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
      expect(endpoint.store.records.size).toBe(0)

      arm.behaviour = labels([7])
      const { body } = await post(gateway, '/predict', exact)
      expect(body).toMatchObject({ arm: 'first', outputs: { label: [7] } })
      // Anybody else is answered by the other arm.
      arm.behaviour = code
      expect((await post(gateway, '/predict', { inputs })).body['arm']).toBe('second')
    },
  )

  test('draws among all arms, also while one is down', async () => {
    const { arm, endpoint, gateway } = setUp()
    arm.isUp = false
    expect((await post(gateway, '/predict', exact)).body['code']).toBe('no_arm_available')
    expect(arm.calls).toBe(0)
    expect(endpoint.agent.decided.map(({ propensity }) => propensity)).toEqual([0.5])
  })

  test('is of the next arm where the inputs themselves are too much for the first', async () => {
    const { arm, gateway } = setUp()
    arm.behaviour = 'bad_output'
    expect((await post(gateway, '/predict', exact)).body['arm']).toBe('second')
  })

  test('needs the store, which has what was answered before', async () => {
    const { endpoint, gateway } = setUp()
    endpoint.store.isAway = true
    expect((await post(gateway, '/predict', exact)).body['code']).toBe('store_unavailable')
    expect(endpoint.agent.decided).toEqual([])
  })

  test.each([
    [1000, 10_000],
    [10_000, 60_000],
    [90_000, 90_000],
  ])(
    'waits longer than others: %i ms become %i, of which a model gets as much as ever',
    async (deadlineMs, until) => {
      const { arm, gateway } = setUp({ deadlineMs })
      const asked: [number, Caller['exact']][] = []
      arm.infer = async (_, deadlineAt, caller) => {
        asked.push([deadlineAt, caller?.exact])
        return { outputs: labels([7]) }
      }
      await post(gateway, '/predict', exact)
      await post(gateway, '/predict', { inputs })
      expect(asked).toEqual([
        [until, { runMs: Math.max(deadlineMs, 2000) }],
        [deadlineMs, undefined],
      ])
    },
  )

  test.each([
    [{ exact: true }, 'missing_field', 'id is missing'],
    [{ exact: 'yes', id: 'a' }, 'invalid_field', 'expected true or false'],
  ])('%j is refused', async (more, code, detail) => {
    const { body } = await post(setUp().gateway, '/predict', { inputs, ...more })
    expect(body).toMatchObject({ code, detail: expect.stringContaining(detail) })
  })
})
