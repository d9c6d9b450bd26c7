import { expect, test } from 'vitest'
import { accessByScope, bearer, ids, newKey } from '../../../fixtures/access.ts'
import { createFakeEndpoint } from '../../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../../fixtures/gateway-app.ts'

const bound = newKey('bound', { endpoints: ['mine'] })
const free = newKey('free')

function serve() {
  const endpoints = ['mine', 'theirs'].map((name) => createFakeEndpoint({ name }))
  const parked: unknown[] = []
  const { access } = accessByScope([bound.config, free.config])
  const parking = { park: (feedback: unknown) => parked.push(feedback) > 0 }
  return { parked, ...createTestGateway(endpoints, { access, parking }) }
}

const idOf = (endpoint: string) =>
  ids.sign({
    key: 'AAAAAAAAAAAAAAAA',
    endpoint,
    arm: 'first',
    propensity: 0.5,
    decidedAt: 1,
    generation: '00000000',
    degraded: false,
  } as Parameters<typeof ids.sign>[0])

test('to a bound key, endpoints of others are not there', async () => {
  const gateway = serve()
  const ask = (path: string, body: object) => post(gateway, path, { inputs: {}, ...body }, bearer(bound.key))
  const theirs = await ask('/predict/theirs', {})
  const nobodys = await ask('/predict/nobodys', {})
  const inBody = await ask('/predict', { endpoint: 'theirs' })
  expect([theirs.status, nobodys.status, inBody.status]).toEqual([404, 404, 404])
  const { request_id: _one, ...problem } = theirs.body
  const { request_id: _two, ...other } = nobodys.body
  expect(problem).toEqual(other)
  // One is left, so it need not be named; what is wrong is the inputs.
  expect((await ask('/predict', {})).status).toBe(422)
  expect((await ask('/predict/mine', {})).status).toBe(422)
  expect((await post(gateway, '/predict/theirs', { inputs: {} }, bearer(free.key))).status).toBe(422)
})

test('feedback about the endpoint of others gets one answer, whatever there is, and goes nowhere', async () => {
  const gateway = serve()
  const send = (body: unknown) => post(gateway, '/feedback', body, bearer(bound.key))
  const answers = [
    await send({ prediction_id: idOf('theirs'), reward: 1 }),
    await send({ endpoint: 'theirs', id: 'order-1', reward: 1 }),
    await send({ endpoint: 'nobodys', id: 'order-1', reward: 1 }),
  ].map(({ status, body: { request_id: _id, ...problem } }) => ({ status, problem }))
  expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'unknown_prediction' } })
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect([gateway.learner.learned, gateway.parked]).toEqual([[], []])
})

test('feedback about its own is learned, also among lines that are not', async () => {
  const gateway = serve()
  const lines = [
    { prediction_id: idOf('mine'), reward: 1 },
    { prediction_id: idOf('theirs'), reward: 1 },
    { prediction_id: 'forged', reward: 1 },
  ]
  const { body } = await post(gateway, '/feedback', lines, bearer(bound.key))
  expect(body['refused']).toEqual([expect.objectContaining({ line: 2, code: 'unknown_prediction' })])
  // An id of nobody's is for the learner to judge.
  expect(gateway.learner.learned.map(({ predictionId }) => predictionId)).toEqual([idOf('mine'), 'forged'])
})
