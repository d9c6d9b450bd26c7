import { expect, test } from 'vitest'
import type { FeedbackStatus } from '../../bandit/index.ts'
import { type Client, endpoint, type Inside, playDelayed, stepMs } from '../bandit/support/delayed-world.ts'
import { createFakeArm, createFakeEndpoint } from '../fixtures/fake-endpoint.ts'
import { learningIds as ids } from '../fixtures/learning-gateway.ts'
import { createTestGateway, get, post, type TestGateway } from '../fixtures/gateway-app.ts'

const arms = [
  { name: 'slow', mean: 0.6, meanDelay: 200, minShare: 0.05 },
  { name: 'quick', mean: 0.5, meanDelay: 10 },
]
const world = { arms, steps: 2400, window: 200, defaultMicro: 0, seed: 3 }
const statusOf: Readonly<Record<number, FeedbackStatus>> = { 200: 'applied', 410: 'late' }

/** The same world, but every prediction and every success goes over HTTP. */
function overHttp() {
  let gateway: TestGateway
  return {
    get gateway() {
      return gateway
    },
    connect: ({ agent, learner, ledger, clock, random }: Inside): Client => {
      const fake = createFakeEndpoint({ arms: arms.map(({ name }) => createFakeArm(name)), clock })
      const randomBytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random() * 256))
      gateway = createTestGateway([{ ...fake, agent, ledger }], { ids, learner, clock, randomBytes })
      return {
        async predict() {
          const { body } = await post(gateway, `/predict/${endpoint}`, { inputs: { pixels: [[0, 0, 0, 0]] } })
          return { arm: body['arm'] as string, predictionId: body['prediction_id'] as string }
        },
        async succeeded(predictionId) {
          const { status } = await post(gateway, '/feedback', { prediction_id: predictionId, reward: 1 })
          return statusOf[status]!
        },
      }
    },
  }
}

test('a window that hides the better arm is told by GET /endpoints/{endpoint} and counted', async () => {
  const http = overHttp()
  const { shares, statuses } = await playDelayed(world, http.connect)
  expect(shares['quick']).toBeGreaterThan(0.9)
  expect(statuses.get('late')).toBeGreaterThan(10)

  const { body } = await get(http.gateway, `/endpoints/${endpoint}`)
  expect(body['warnings']).toEqual([
    {
      code: 'window_hides_best_arm',
      detail: expect.stringMatching(/of the rewards of slow come after the window of 20 s; with a window of/),
      window_ms: 200 * stepMs,
      best: 'quick',
      better: 'slow',
      flips_at_ms: expect.any(Number),
      arms: [
        { name: 'slow', hidden_share: expect.closeTo(0.37, 1) },
        { name: 'quick', hidden_share: 0 },
      ],
    },
  ])
  const [slow] = body['arms'] as { delay_ms: { p50: number }; pending_by_age: { pulls: number }[] }[]
  expect(slow!.delay_ms.p50 / stepMs).toBeCloseTo(139, -2)
  expect(slow!.pending_by_age).toHaveLength(5)
  const metrics = await (await http.gateway.app.request('/metrics')).text()
  expect(metrics).toContain(`bandit_endpoint_warnings{endpoint="${endpoint}"} 1`)
}, 30_000)

test('with pulls counted by their age the better arm gets the traffic, and nothing is warned of', async () => {
  const http = overHttp()
  const { shares } = await playDelayed({ ...world, window: 2000, delay: 'corrected' }, http.connect)
  expect(shares['slow']).toBeGreaterThan(0.9)
  const { body } = await get(http.gateway, `/endpoints/${endpoint}`)
  expect(body['warnings']).toEqual([])
}, 30_000)
