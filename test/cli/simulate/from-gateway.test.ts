import { expect, test } from 'vitest'
import { betaQuantile } from '../../../bandit/beliefs/posterior.ts'
import { noDelay } from '../../../bandit/simulate/world.ts'
import { GatewayFault, readScenario } from '../../../cli/simulate/from-gateway.ts'

const url = 'http://127.0.0.1:8080/endpoints/digits'
const answer =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status })

const interval = (alpha: number, beta: number): [number, number] => [
  betaQuantile({ alpha, beta }, 0.05),
  betaQuantile({ alpha, beta }, 0.95),
]
const view = {
  name: 'digits',
  policy: { name: 'ucb1' },
  reward: { from: 'label' },
  arms: [
    { name: 'tree', mean: 0.25, interval: interval(1, 3), state: 'active' },
    {
      name: 'forest',
      mean: 0.75,
      interval: interval(75, 25),
      delay_ms: { p50: 100, p90: 2000, p99: 10_000 },
    },
  ],
}

test("an endpoint's posteriors become what each run draws its arms from", async () => {
  const { title, world, contenders } = await readScenario(url, { get: answer(view) })
  expect(title).toBe(`digits, from ${url}, rewards at once`)
  const beliefs = world.arms.map(({ reward }) => (reward.kind === 'drawn' ? [reward.alpha, reward.beta] : []))
  for (const [at, expected] of [
    [1, 3],
    [75, 25],
  ].entries()) {
    expect(beliefs[at]![0]).toBeCloseTo(expected[0]!, 5)
    expect(beliefs[at]![1]).toBeCloseTo(expected[1]!, 5)
  }
  expect(world.arms.map(({ delay }) => delay)).toEqual([noDelay, noDelay])
  expect(contenders.map(({ label, sampling }) => [label, sampling])).toEqual([
    ['ucb1', 'exact'],
    ['thompson', 'posterior'],
    ['kl-ucb', 'exact'],
    ['uniform', 'exact'],
  ])
})

test('a policy by context is left out, and that is said', async () => {
  const { title, contenders } = await readScenario(url, {
    get: answer({ ...view, policy: { name: 'lin-ucb' } }),
  })
  expect(title).toBe(`digits, from ${url}, rewards at once, without lin-ucb, which needs contexts`)
  expect(contenders.map(({ label }) => label)).toEqual(['thompson', 'kl-ucb', 'uniform'])
})

test('with a rate, measured delays become decisions; rewards with bounds become shares of them', async () => {
  const scaled = {
    ...view,
    reward: { bounds: [-10, 10] },
    arms: view.arms.map((arm) => ({
      name: arm.name,
      mean: 20 * arm.mean - 10,
      interval: arm.interval.map((value) => 20 * value - 10),
      delay_ms: arm.delay_ms,
    })),
  }
  const { world } = await readScenario(url, { get: answer(scaled), rate: 50 })
  expect(world.arms[0]!.delay).toEqual(noDelay)
  expect(world.arms[1]!.delay).toEqual({
    kind: 'quantiles',
    points: [
      { share: 0.5, steps: 5 },
      { share: 0.9, steps: 100 },
      { share: 0.99, steps: 500 },
    ],
  })
  const [, { reward } = expect.unreachable()] = world.arms
  expect(reward.kind === 'drawn' ? reward.alpha : Number.NaN).toBeCloseTo(75, 5)
})

test.each([
  ['another answer', answer({ code: 'unknown_endpoint' }, 404), 'the answer is 404'],
  ['no JSON', async () => new Response('hello'), 'there is no answer to read'],
  ['nobody', () => Promise.reject(new TypeError('fetch failed')), 'there is no answer to read'],
  ['statistics not read yet', answer({ ...view, arms: [{ name: 'tree' }] }), 'no endpoint that has read'],
])('%s is told with the address', async (_, get, reason) => {
  const error: unknown = await readScenario(url, { get }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GatewayFault)
  expect((error as Error).message).toContain(reason)
  expect((error as Error).message).toContain(url)
})
