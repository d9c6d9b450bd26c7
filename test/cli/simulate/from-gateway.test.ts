import { expect, test } from 'vitest'
import { GatewayFault, readScenario } from '../../../cli/simulate/from-gateway.ts'

const url = 'http://127.0.0.1:8080/endpoints/digits'
const answer =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status })

const view = {
  name: 'digits',
  policy: { name: 'ucb1', prior: { alpha: 1, beta: 3 } },
  arms: [
    { name: 'tree', mean: 0.25, effective_rewards: 0, state: 'active' },
    { name: 'forest', mean: 0.75, effective_rewards: 96, state: 'active' },
  ],
}

test("an endpoint's posteriors become what each run draws its arms from", async () => {
  const { title, world, contenders } = await readScenario(url, answer(view))
  expect(title).toBe(`digits, from ${url}`)
  expect(world.arms).toMatchObject([
    { name: 'tree', reward: { kind: 'drawn', alpha: 1, beta: 3 } },
    { name: 'forest', reward: { kind: 'drawn', alpha: 75, beta: 25 } },
  ])
  expect(contenders.map(({ label, sampling }) => [label, sampling])).toEqual([
    ['ucb1', 'exact'],
    ['thompson', 'posterior'],
    ['kl-ucb', 'exact'],
    ['uniform', 'exact'],
  ])
})

test.each([
  ['another answer', answer({ code: 'unknown_endpoint' }, 404), 'the answer is 404'],
  ['no JSON', async () => new Response('hello'), 'there is no answer to read'],
  ['nobody', () => Promise.reject(new TypeError('fetch failed')), 'there is no answer to read'],
  ['statistics not read yet', answer({ ...view, arms: [{ name: 'tree' }] }), 'no endpoint that has read'],
])('%s is told with the address', async (_, get, reason) => {
  const error: unknown = await readScenario(url, get).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GatewayFault)
  expect((error as Error).message).toContain(reason)
  expect((error as Error).message).toContain(url)
})
