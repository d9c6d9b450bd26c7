import { expect, test } from 'vitest'
import { penaltyMicro } from '../../../bandit/index.ts'
import { createFakeArm, createFakeEndpoint, ids } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'

const penalty = { perSecond: 0.1, costs: { second: 0.05 }, most: 0.2 }
const reward = {
  from: 'reward',
  output: 'label',
  windowMs: 3_600_000,
  default: undefined,
  combine: 'first',
  bounds: { low: -0.2, high: 1 },
  penalty,
} as const

/** Whose first arm takes 400 ms to fail or to answer, and whose second 100 ms. */
function serve() {
  let now = 0
  const [first, second] = [createFakeArm('first'), createFakeArm('second')]
  first.onCall = () => (now += 400)
  second.onCall = () => (now += 100)
  const endpoint = {
    ...createFakeEndpoint({ arms: [first, second], settings: { reward } }),
    penaltyOf: (arm: string, latencyMs: number) => penaltyMicro(penalty, arm, latencyMs),
  }
  const gateway = createTestGateway([endpoint], { monotonic: () => now })
  const ask = async (path = '/predict/digits') => {
    const inputs = path.startsWith('/predict') ? { inputs: { pixels: [[0, 1, 2, 3]] } } : {}
    const { status, body } = await post(gateway, path, inputs)
    expect(status).toBe(200)
    const claims = ids.verify(body['prediction_id'] as string)!
    const { penalty: told } = body['decision'] as { penalty: number }
    expect(told).toBeCloseTo((claims.penaltyMicro! / 1e6) * penalty.most, 9)
    return claims
  }
  return { first, gateway, ask }
}

test('the id says what the answer cost, by how long its own arm took', async () => {
  const { first, gateway, ask } = serve()
  expect(await ask()).toMatchObject({ arm: 'first', penaltyMicro: 200_000 })
  first.behaviour = 'unreachable'
  expect(await ask()).toMatchObject({ arm: 'second', penaltyMicro: 300_000 })
  const text = await (await gateway.app.request('/metrics')).text()
  expect(text).toContain('bandit_penalty_total{endpoint="digits",arm="first"} 0.04')
  expect(text).toContain('bandit_penalty_total{endpoint="digits",arm="second"} 0.06')
})

test('a decision alone has taken no time, and has its price all the same', async () => {
  expect(await serve().ask('/decide/digits')).toMatchObject({ arm: 'first', penaltyMicro: 0 })
})

test('the endpoint shows what it takes off', async () => {
  const { body } = await get(serve().gateway, '/endpoints/digits')
  expect(body['reward']).toMatchObject({
    bounds: [-0.2, 1],
    penalty: { latency_s: 0.1, cost: { second: 0.05 }, most: 0.2 },
  })
})
