import { expect, test } from 'vitest'
import { accessByScope, bearer, newKey } from '../../fixtures/access.ts'
import { createFakeEndpoint, ids } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const shop = newKey('shop', { tenant: 'shop' })
const till = newKey('till', { tenant: 'shop', scopes: ['feedback'] })
const blog = newKey('blog', { tenant: 'blog' })
const nobodys = newKey('nobodys')

function serve() {
  const { access } = accessByScope([shop, till, blog, nobodys].map(({ config }) => config))
  const gateway = createTestGateway([createFakeEndpoint()], { access, ids })
  const decide = async ({ key }: typeof shop, body: object = {}) =>
    (await post(gateway, '/decide/digits', body, bearer(key))).body
  const send = ({ key }: typeof shop, body: object) =>
    post(gateway, '/feedback', { reward: 1, ...body }, bearer(key))
  return { ...gateway, decide, send }
}

const repeated = (body: Record<string, unknown>) =>
  (body['decision'] as { repeated?: boolean }).repeated ?? false

test("an own id is each tenant's own, and the answer to it nobody else's", async () => {
  const { decide } = serve()
  const first = await decide(shop, { id: 'order-9' })
  const others = [await decide(blog, { id: 'order-9' }), await decide(nobodys, { id: 'order-9' })]
  expect(others.map(repeated)).toEqual([false, false])
  const again = await decide(shop, { id: 'order-9' })
  expect([repeated(again), again['prediction_id']]).toEqual([true, first['prediction_id']])
})

test('feedback is taken from any key of the tenant, and from those that are of none', async () => {
  const { decide, send, learner } = serve()
  const { prediction_id } = await decide(shop)
  for (const key of [shop, till, nobodys]) expect((await send(key, { prediction_id })).status).toBe(200)
  expect(learner.learned).toHaveLength(3)
  const own = (await decide(shop, { id: 'order-9' }))['prediction_id']
  expect((await send(till, { prediction_id: own })).status).toBe(200)
})

test('of others it is answered as if there were no such prediction, and goes nowhere', async () => {
  const { decide, send, learner } = serve()
  for (const owner of [shop, nobodys]) {
    const { prediction_id } = await decide(owner)
    const { status, body } = await send(blog, { prediction_id })
    expect([status, body['code']]).toEqual([404, 'unknown_prediction'])
  }
  expect(learner.learned).toEqual([])
  // Whether an id was issued at all is for the learner to judge.
  await send(blog, { prediction_id: 'forged' })
  expect(learner.learned).toHaveLength(1)
})

test('feedback by an own id says whose it is, whatever its sender says', async () => {
  const { send, learner } = serve()
  for (const key of [shop, till, blog, nobodys]) await send(key, { endpoint: 'digits', id: 'order-9' })
  expect(learner.learned.map(({ callerId }) => callerId?.tenant)).toEqual(['shop', 'shop', 'blog', undefined])
  expect((await send(shop, { endpoint: 'digits', id: 'order-9', tenant: 'blog' })).status).toBe(422)
})
