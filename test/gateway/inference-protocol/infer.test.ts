import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createEchoEndpoint } from '../../fixtures/echo-endpoint.ts'
import { createFakeArm, scores } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post, type Answer } from '../../fixtures/gateway-app.ts'

const path = '/v2/models/m/infer'
const x = { name: 'x', shape: [1, 2], datatype: 'FP32', data: [1, 2] }

const serve = (...args: Parameters<typeof createEchoEndpoint>) => {
  const endpoint = createEchoEndpoint(...args)
  return { endpoint, gateway: createTestGateway([endpoint]) }
}

const metric = async ({ registry }: ReturnType<typeof createTestGateway>, reason: string) => {
  const { values } = await registry.getSingleMetric('bandit_decisions_total')!.get()
  return values.find(({ labels }) => labels['reason'] === reason)
}

describe('a version that is named', () => {
  const pinned = '/v2/models/m/versions/second/infer'

  test('answers, with a propensity of 1, and is not learned from', async () => {
    const { endpoint, gateway } = serve('FP32')
    const { status, body, headers } = await post(gateway, pinned, { inputs: [x] })
    expect(status).toBe(200)
    expect(body).toMatchObject({ model_version: 'second', parameters: { arm: 'second', propensity: 1 } })
    expect(body['parameters']).not.toHaveProperty('prediction_id')
    expect(headers.get('x-bandit-prediction-id')).toBeNull()
    expect(endpoint.agent.settled).toEqual([{ arm: 'second', as: 'abandoned' }])
    expect(endpoint.store.records.size).toBe(0)
    expect(await metric(gateway, 'pinned')).toMatchObject({ value: 1, labels: { arm: 'second' } })
  })

  test('is learned from where the caller wants it', async () => {
    const { endpoint, gateway } = serve('FP32')
    const { body } = await post(gateway, pinned, { inputs: [x], parameters: { learn: true } })
    expect(body).toMatchObject({ parameters: { propensity: 1, prediction_id: expect.any(String) } })
    expect(endpoint.agent.settled).toEqual([{ arm: 'second', as: 'answered' }])
  })

  test('answers for nobody else', async () => {
    const { endpoint, gateway } = serve('FP32')
    endpoint.arms.get('second')!.isUp = false
    const { status, body, headers } = await post(gateway, pinned, { inputs: [x] })
    expect(status).toBe(503)
    expect(body['error']).toMatch(/^second cannot answer now/)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(endpoint.arms.get('first')!.calls).toBe(0)
  })

  test('that is paused says so', async () => {
    const { gateway } = serve('FP32')
    await post(gateway, '/v2/repository/models/m/unload', { parameters: { version: 'second' } })
    const { status, body } = await post(gateway, pinned, { inputs: [x] })
    expect(status).toBe(503)
    expect(body['error']).toMatch(/^second is paused/)
  })

  test('that is not there is 404', async () => {
    const { gateway } = serve('FP32')
    const { status, body } = await post(gateway, '/v2/models/m/versions/3/infer', { inputs: [x] })
    expect(status).toBe(404)
    expect(body).toEqual({ error: 'm has the versions first, second: name one of them, or none' })
  })
})

describe('outputs', () => {
  test('are those that were asked for', async () => {
    const arm = createFakeArm('first', (inputs) => [{ ...inputs[0]!, name: 'y' }, ...scores([0.5])])
    const specs = [
      { name: 'y', datatype: 'FP32' as const, shape: [-1, 2] },
      { name: 'scores', datatype: 'FP32' as const, shape: [-1] },
    ]
    const { gateway } = serve('FP32', { arms: [arm], outputs: specs })
    const { body } = await post(gateway, path, { inputs: [x], outputs: [{ name: 'scores' }] })
    expect(body['outputs']).toEqual([{ name: 'scores', datatype: 'FP32', shape: [1], data: [0.5] }])
    expect((await post(gateway, path, { inputs: [x] })).body['outputs']).toHaveLength(2)
  })

  test('that are infinite go in binary, and are a fault of the arm in JSON', async () => {
    const { endpoint, gateway } = serve('FP32')
    const [infinite] = scores([Infinity, 1])
    endpoint.arms.get('first')!.behaviour = [{ ...infinite!, name: 'y', shape: [1, 2] }]
    const asked = { inputs: [x], parameters: { binary_data_output: true } }
    const binary = await gateway.app.request(path, { method: 'POST', body: JSON.stringify(asked) })
    expect([binary.status, binary.headers.get('x-bandit-arm')]).toEqual([200, 'first'])
    const json = await post(gateway, path, { inputs: [x] })
    expect(json.body).toMatchObject({ model_version: 'second', outputs: [{ data: [1, 2] }] })
  })

  test('that labels are compared with are remembered though they go in binary', async () => {
    const reward = {
      from: 'label',
      output: 'y',
      windowMs: 1000,
      default: undefined,
      combine: 'first',
    } as const
    const { endpoint, gateway } = serve('FP32', { settings: { ledger: 'stored', reward } })
    const asked = { inputs: [x], parameters: { binary_data_output: true } }
    await gateway.app.request(path, { method: 'POST', body: JSON.stringify(asked) })
    expect([...endpoint.store.records.values()]).toEqual([expect.stringContaining('"l"')])
  })
})

test('key and context go into the decision', async () => {
  const facts: unknown[] = []
  const { gateway } = serve('FP32')
  const endpoint = createEchoEndpoint('FP32')
  Object.assign(endpoint, {
    rule: ({ unit, context }: Record<string, unknown>) => void facts.push([unit, context]),
  })
  const parameters = { key: 'user-17', 'context.country': 'DE', 'context.age': 7, priority: 3 }
  await post(createTestGateway([endpoint]), path, { inputs: [x], parameters })
  expect(facts).toEqual([['user-17', { country: 'DE', age: 7 }]])
  expect((await post(gateway, path, { inputs: [x], parameters: { key: 3 } })).status).toBe(400)
})

describe('a body without a head', () => {
  const raw = (gateway: ReturnType<typeof createTestGateway>, body: Buffer) =>
    gateway.app.request(path, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: { 'inference-header-content-length': '0' },
    })

  test('is the one input', async () => {
    const { gateway } = serve('FP32')
    const floats = Buffer.from(new Float32Array([1, 2, 3, 4]).buffer)
    const answer = await raw(gateway, floats)
    expect(answer.status).toBe(200)
    const length = Number(answer.headers.get('inference-header-content-length'))
    const body = Buffer.from(await answer.arrayBuffer())
    expect(JSON.parse(body.toString('utf8', 0, length)).outputs[0].shape).toEqual([2, 2])
    expect(body.subarray(length)).toEqual(floats)
  })

  test('has whole rows', async () => {
    const { gateway } = serve('FP32')
    const answer = await raw(gateway, Buffer.alloc(12))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: expect.stringContaining('12 bytes are not "x"') })
  })
})

describe('what is refused', () => {
  const cases: [string, unknown, number, RegExp][] = [
    ['no JSON', '{', 400, /JSON/],
    ['no inputs', {}, 400, /inputs must be a list/],
    ['another input', { inputs: [{ ...x, name: 'z' }] }, 400, /found the input "z", expected "x"/],
    ['another datatype', { inputs: [{ ...x, datatype: 'INT32' }] }, 400, /found INT32, expected FP32/],
    ['another shape', { inputs: [{ ...x, shape: [1, 1, 2] }] }, 400, /found the shape \[1, 1, 2\]/],
    ['too little data', { inputs: [{ ...x, data: [1] }] }, 400, /"x"/],
    ['no rows', { inputs: [{ ...x, shape: [0, 2], data: [] }] }, 400, /no rows/],
    ['an unknown output', { inputs: [x], outputs: [{ name: 'z' }] }, 400, /there is no output "z".*"y"/],
    ['data twice', { inputs: [{ ...x, parameters: { binary_data_size: 8 } }] }, 400, /exactly one of/],
    [
      'shared memory',
      { inputs: [{ name: 'x', shape: [1, 2], datatype: 'FP32', parameters: { shared_memory_region: 'a' } }] },
      400,
      /shared memory/,
    ],
    [
      'classes in the place of an output',
      { inputs: [x], outputs: [{ name: 'y', parameters: { classification: 3 } }] },
      400,
      /classification is not served: ask for the tensor/,
    ],
    [
      'an output by shared memory',
      { inputs: [x], outputs: [{ name: 'y', parameters: { shared_memory_region: 'a' } }] },
      400,
      /shared memory is not served/,
    ],
    ['deep nesting', `{"inputs": ${'['.repeat(100)}`, 400, /nested 32 deep/],
    ['a large body', 'x'.repeat(5000), 413, /at most 4096 bytes/],
  ]
  test.each(cases)('%s', async (_, body, status, error) => {
    const answer = await post(serve('FP32').gateway, path, body)
    expect(answer.status).toBe(status)
    expectError(answer, error)
  })

  test.each<[string, Record<string, string>, Buffer, number, RegExp]>([
    ['an unknown compression', { 'content-encoding': 'br' }, Buffer.from('{}'), 415, /gzip or deflate/],
    ['what is no gzip', { 'content-encoding': 'gzip' }, Buffer.from('{}'), 400, /not gzip data/],
    ['a bomb', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(100_000)), 413, /at most 4096 bytes/],
    ['another bomb', { 'content-encoding': 'deflate' }, deflateSync(Buffer.alloc(100_000)), 413, /at most/],
    [
      'a head that is too long',
      { 'inference-header-content-length': '9' },
      Buffer.from('{}'),
      400,
      /does not fit/,
    ],
    [
      'a length that is none',
      { 'inference-header-content-length': '-1' },
      Buffer.from('{}'),
      400,
      /whole number/,
    ],
  ])('%s', async (_, headers, body, status, error) => {
    const answer = await post(serve('FP32').gateway, path, body, headers)
    expect(answer.status).toBe(status)
    expectError(answer, error)
  })

  test.each<[string, string, number, string]>([
    ['/v2/models/other/infer', 'POST', 404, 'unknown_endpoint'],
    ['/v2/nothing', 'GET', 404, 'unknown_route'],
    ['/v2/models/m/infer', 'GET', 405, 'method_not_allowed'],
  ])('%s %s', async (path, method, status, code) => {
    const answer = await serve('FP32').gateway.app.request(path, { method })
    expect([answer.status, answer.headers.get('x-bandit-error-code')]).toEqual([status, code])
    expect(await answer.json()).toEqual({ error: expect.any(String) })
  })
})

function expectError({ body, headers }: Answer, error: RegExp): void {
  expect(Object.keys(body)).toEqual(['error'])
  expect(body['error']).toMatch(error)
  expect(headers.get('content-type')).toBe('application/json')
}

test('BF16 goes through as it came, in JSON and in binary', async () => {
  const { gateway } = serve('BF16')
  const sent = { name: 'x', shape: [1, 2], datatype: 'BF16', data: [1.5, -0.25] }
  const { body } = await post(gateway, path, { inputs: [sent] })
  expect(body['outputs']).toEqual([{ name: 'y', datatype: 'BF16', shape: [1, 2], data: [1.5, -0.25] }])
  const binary = { parameters: { binary_data: true }, name: 'y' }
  const response = await gateway.app.request(path, {
    method: 'POST',
    body: JSON.stringify({ inputs: [sent], outputs: [binary] }),
    headers: { 'content-type': 'application/json' },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  expect([...bytes.subarray(-4)]).toEqual([0xc0, 0x3f, 0x80, 0xbe])
})
