import { describe, expect, test } from 'vitest'
import { accessByScope, bearer, newKey } from '../../fixtures/access.ts'
import { createEchoEndpoint } from '../../fixtures/echo-endpoint.ts'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'

const serve = () => {
  const endpoint = createEchoEndpoint('FP32')
  return { endpoint, gateway: createTestGateway([endpoint]) }
}

test.each(['/v2', '/v2/'])('%s tells of the server', async (path) => {
  const { body } = await get(serve().gateway, path)
  expect(body).toEqual({
    name: 'bandit-gateway',
    version: expect.any(String),
    extensions: ['binary_tensor_data', 'model_repository', 'model_configuration', 'statistics'],
  })
})

test('a model is an endpoint and its versions are the arms', async () => {
  const { gateway } = serve()
  expect((await get(gateway, '/v2/models')).body).toEqual({ models: ['m'] })
  const common = {
    name: 'm',
    platform: 'bandit-gateway',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
  }
  expect((await get(gateway, '/v2/models/m')).body).toEqual({ ...common, versions: ['first', 'second'] })
  expect((await get(gateway, '/v2/models/m/versions/second')).body).toEqual({
    ...common,
    versions: ['second'],
  })
})

describe('readiness', () => {
  const paths = ['/v2/health/ready', '/v2/models/m/ready', '/v2/models/m/versions/first/ready']
  const statuses = (gateway: ReturnType<typeof serve>['gateway']) =>
    Promise.all(paths.map(async (path) => (await get(gateway, path)).status))

  test('is that of the arms', async () => {
    const { endpoint, gateway } = serve()
    expect(await statuses(gateway)).toEqual([200, 200, 200])
    endpoint.arms.get('first')!.isUp = false
    expect(await statuses(gateway)).toEqual([200, 200, 503])
    endpoint.arms.get('second')!.isUp = false
    expect(await statuses(gateway)).toEqual([503, 503, 503])
    expect((await get(gateway, '/v2/health/live')).status).toBe(200)
  })

  test('ends when the gateway stops', async () => {
    expect(
      await statuses(createTestGateway([createEchoEndpoint('FP32')], { isStopping: () => true })),
    ).toEqual([503, 503, 503])
  })
})

describe('the repository', () => {
  const index = '/v2/repository/index'

  test('unloads and loads versions', async () => {
    const { endpoint, gateway } = serve()
    await post(gateway, '/v2/repository/models/m/unload', { parameters: { version: 'first' } })
    expect((await post(gateway, index, '')).body).toEqual([
      { name: 'm', version: 'first', state: 'UNAVAILABLE', reason: 'paused' },
      { name: 'm', version: 'second', state: 'READY', reason: '' },
    ])
    expect((await post(gateway, index, { ready: true })).body).toHaveLength(1)
    expect(endpoint.told.map(({ kind }) => kind)).toEqual(['arm_paused'])
    await post(gateway, '/v2/repository/models/m/load', {})
    expect((await post(gateway, index, { ready: true })).body).toHaveLength(2)
  })

  test('unloads a whole model', async () => {
    const { gateway } = serve()
    expect((await post(gateway, '/v2/repository/models/m/unload', '')).status).toBe(200)
    expect((await get(gateway, '/v2/models/m/ready')).status).toBe(503)
    const x = { name: 'x', shape: [1, 2], datatype: 'FP32', data: [1, 2] }
    expect((await post(gateway, '/v2/models/m/infer', { inputs: [x] })).status).toBe(503)
  })

  test('takes no models from callers', async () => {
    const { gateway } = serve()
    for (const parameters of [{ config: '{}' }, { 'file:1/model.onnx': 'AAAA' }]) {
      const { status, body } = await post(gateway, '/v2/repository/models/m/load', { parameters })
      expect([status, body]).toEqual([400, { error: expect.stringContaining('from the configuration') }])
    }
    expect((await post(gateway, '/v2/repository/models/m/load', { parameters: { version: 3 } })).status).toBe(
      404,
    )
  })
})

test('a key that is held to another endpoint sees nothing', async () => {
  const other = newKey('other', { endpoints: ['n'] })
  const { access, keys } = accessByScope([other.config])
  const gateway = createTestGateway([createEchoEndpoint('FP32')], { access })
  const ask = async (path: string, key: string) => gateway.app.request(path, { headers: bearer(key) })
  expect(await (await ask('/v2/models', other.key)).json()).toEqual({ models: [] })
  expect((await ask('/v2/models/m', other.key)).status).toBe(404)
  expect((await ask('/v2/models/m', keys.predict)).status).toBe(200)
})
