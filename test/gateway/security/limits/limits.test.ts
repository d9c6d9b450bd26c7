import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { accessByScope, bearer, ids, newKey } from '../../../fixtures/access.ts'
import { createFakeEndpoint } from '../../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post } from '../../../fixtures/gateway-app.ts'

const shop = newKey('shop', {
  rates: { predict: { perSecond: 2, burst: 2 }, feedback: { perSecond: 10, burst: 5 } },
})
const other = newKey('other')

function serve() {
  const clock = { now: 0 }
  const { access, keys } = accessByScope([shop.config, other.config], () => clock.now)
  const gateway = createTestGateway([createFakeEndpoint()], { access, monotonic: () => clock.now })
  const line = { prediction_id: 'x', reward: 1 }
  return {
    clock,
    keys,
    gateway,
    feedback: (count: number, key = shop.key) =>
      post(
        gateway,
        '/feedback',
        Array.from({ length: count }, () => line),
        bearer(key),
      ),
    predict: (key = shop.key) => post(gateway, '/predict', { inputs: {} }, bearer(key)),
  }
}

test('a key that asks too often is told when to come again, and nobody else is', async () => {
  const { clock, predict, feedback } = serve()
  const statuses = [await predict(), await predict(), await predict()].map(({ status }) => status)
  expect(statuses).toEqual([422, 422, 429])
  const refused = await predict()
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.body).toMatchObject({
    code: 'rate_limited',
    detail: expect.stringContaining('the key shop is for 2 a second and 2 at once of predict'),
  })
  expect([(await predict(other.key)).status, (await feedback(1)).status]).toEqual([422, 200])
  clock.now = 500
  expect((await predict()).status).toBe(422)
})

test('a batch counts by its lines', async () => {
  const { clock, gateway, feedback } = serve()
  expect((await feedback(15)).status).toBe(200)
  const { status, headers } = await feedback(1)
  expect([status, headers.get('retry-after')]).toEqual([429, '2'])
  expect(gateway.learner.learned).toHaveLength(15)
  clock.now = 1100
  expect((await feedback(1)).status).toBe(200)
})

test('ids that nobody was given are judged twenty times, then no more; sound ones go on', async () => {
  const { clock, gateway, keys } = serve()
  gateway.learner.answer = ({ predictionId }) =>
    ids.verify(predictionId!) === undefined
      ? { status: 'forged' }
      : { status: 'applied', endpoint: 'digits', arm: 'first' }
  const send = (id: string) =>
    post(gateway, '/feedback', { prediction_id: id, reward: 1 }, bearer(keys.feedback))
  const sound = ids.sign({
    key: 'AAAAAAAAAAAAAAAA',
    endpoint: 'digits',
    arm: 'first',
    propensity: 1,
    decidedAt: 1,
    generation: '00000000',
    degraded: false,
  } as Parameters<typeof ids.sign>[0])
  const statuses: number[] = []
  for (let i = 0; i < 22; i++) statuses.push((await send('made-up')).status)
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 403), 429, 429])
  expect((await send(sound)).status).toBe(200)
  clock.now = 3000
  expect((await send('made-up')).status).toBe(403)
})

test('without keys they are counted by where they come from', async () => {
  const clock = { now: 0 }
  const gateway = createTestGateway([createFakeEndpoint()], { monotonic: () => clock.now })
  gateway.learner.answer = ({ predictionId }) =>
    predictionId === 'made-up'
      ? { status: 'forged' }
      : { status: 'applied', endpoint: 'digits', arm: 'first' }
  const send = async (prediction_id: string, remoteAddress: string) => {
    const headers = { 'content-type': 'application/json' }
    const body = Readable.from([Buffer.from(JSON.stringify({ prediction_id, reward: 1 }))])
    const connection = { incoming: Object.assign(body, { socket: { remoteAddress } }) }
    return gateway.app.request('/feedback', { method: 'POST', headers }, connection)
  }
  const statuses: number[] = []
  for (let i = 0; i < 21; i++) statuses.push((await send('made-up', '10.0.0.1')).status)
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 403), 429])
  expect((await send('made-up', '10.0.0.2')).status).toBe(403)
  // From the very address: hundreds that are sound, and none of them waits.
  for (let i = 0; i < 100; i++) expect((await send('sound', '10.0.0.1')).status).toBe(200)
  clock.now = 3000
  expect([(await send('made-up', '10.0.0.1')).status, (await send('made-up', '10.0.0.1')).status]).toEqual([
    403, 429,
  ])
})

test('keys that nobody was given, by where they come from; sound ones go on', async () => {
  const { gateway, keys } = serve()
  const ask = (key: string, from: string) =>
    gateway.app.request(
      '/metrics',
      { headers: bearer(key) },
      { incoming: { socket: { remoteAddress: from } } },
    )
  const statuses: number[] = []
  for (let i = 0; i < 21; i++) statuses.push((await ask(newKey('x').key, '10.0.0.1')).status)
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429])
  expect((await ask(newKey('x').key, '10.0.0.2')).status).toBe(401)
  expect((await ask(keys.metrics, '10.0.0.1')).status).toBe(200)
})

test('requests are counted by the name of their key, and logged with it', async () => {
  const { gateway, predict, keys } = serve()
  for (let i = 0; i < 3; i++) await predict()
  await predict('nonsense')
  await get(gateway, '/endpoints')
  await gateway.app.request('/metrics', { headers: bearer(shop.key) })
  const text = await (await gateway.app.request('/metrics', { headers: bearer(keys.metrics) })).text()
  expect(text.match(/^bandit_access_total.*$/gm)?.toSorted()).toEqual([
    'bandit_access_total{key="",outcome="unauthenticated"} 2',
    'bandit_access_total{key="metrics",outcome="allowed"} 1',
    'bandit_access_total{key="shop",outcome="allowed"} 2',
    'bandit_access_total{key="shop",outcome="forbidden"} 1',
    'bandit_access_total{key="shop",outcome="limited"} 1',
  ])
  expect(gateway.log.find(({ msg }) => msg === 'request')).toMatchObject({ caller: 'shop' })
  expect(JSON.stringify(gateway.log)).not.toContain(shop.key)
})
