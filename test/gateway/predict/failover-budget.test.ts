import { expect, test } from 'vitest'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'

const body = { inputs: { pixels: [[0, 1, 2, 3]] } }

/** Predictions one after another of an endpoint whose first arm, which is always chosen, does this. */
async function play(behaviour: 'timeout' | 'unreachable' | 'bad_output', predictions: number) {
  const [first, second] = [createFakeArm('first', behaviour), createFakeArm('second')]
  const gateway = createTestGateway([createFakeEndpoint({ arms: [first, second] })])
  const statuses = new Set<number>()
  for (let asked = 1; asked <= predictions; asked++) {
    statuses.add((await post(gateway, '/predict', body)).status)
    expect(first.calls + second.calls).toBeLessThanOrEqual(1.2 * asked + 3)
  }
  const metrics = await gateway.registry.metrics()
  return { first, second, gateway, statuses, metrics }
}

test.each(['timeout', 'unreachable', 'bad_output'] as const)(
  'an arm that fails all the time (%s) makes no more than 1.2 calls of a prediction, and 3, and fails nobody',
  async (fault) => {
    const { first, second, statuses, metrics } = await play(fault, 500)
    expect([...statuses]).toEqual([200])
    expect(second.calls).toBe(500)
    // It is asked as often as can be paid for, so that it is found well when it is.
    expect(first.calls).toBeGreaterThan(90)
    expect(metrics).toMatch(/bandit_arm_rests_total\{endpoint="digits",arm="first"\} [1-9]/)
  },
)

test('an arm that is well again is chosen as before as soon as what it cost is paid for', async () => {
  const { first, gateway } = await play('timeout', 50)
  first.behaviour = createFakeArm('well').behaviour
  for (let asked = 0; asked < 15; asked++) await post(gateway, '/predict', body)
  const before = first.calls
  for (let asked = 0; asked < 20; asked++) await post(gateway, '/predict', body)
  expect(first.calls - before).toBe(20)
})

test('the last arm is asked whatever it costs', async () => {
  const only = createFakeArm('only', 'timeout')
  const gateway = createTestGateway([createFakeEndpoint({ arms: [only] })])
  for (let asked = 0; asked < 20; asked++) await post(gateway, '/predict', body)
  expect(only.calls).toBe(20)
})
