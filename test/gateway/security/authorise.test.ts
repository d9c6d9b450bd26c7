import { describe, expect, test } from 'vitest'
import { createConsole } from '../../../gateway/console/console.ts'
import { routeRules } from '../../../gateway/security/route-rules.ts'
import { scopeNames } from '../../../gateway/security/keys/scopes.ts'
import { accessByScope, bearer, newKey } from '../../fixtures/access.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway } from '../../fixtures/gateway-app.ts'

function serve(more: Parameters<typeof accessByScope>[0] = []) {
  const { keys, access } = accessByScope(more)
  const endpoint = createFakeEndpoint()
  const console = createConsole({
    endpoints: new Map([[endpoint.name, endpoint]]),
    workers: () => [],
    clock: () => 1_000_000,
  })
  return { keys, console, ...createTestGateway([endpoint], { access, console }) }
}

const bound = newKey('bound', { scopes: [...scopeNames], endpoints: ['digits'] })
const gateway = serve([bound.config])
const routes = gateway.app.routes.filter(({ method }) => method !== 'ALL')

test('every route says who it is for, and no rule is without its route', () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    Object.keys(routeRules).toSorted(),
  )
})

function toAddress(path: string): string {
  return path.replace(':endpoint', 'digits').replace(':arm', 'first').replace(':name', 'page.css')
}

describe.each(routes)('$method $path', ({ method, path }) => {
  const { scope } = routeRules[`${method} ${path}`]!
  const address = toAddress(path)
  async function ask(headers: Record<string, string>) {
    const answer = await gateway.app.request(address, { method, headers })
    await answer.body?.cancel()
    return answer
  }

  test('without a key', async () => {
    const answer = await ask({})
    if (scope === 'open') return expect([200, 503]).toContain(answer.status)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test.each(scopeNames)('with a key for %s', async (held) => {
    const { status } = await ask(bearer(gateway.keys[held]))
    const isAllowed = scope === 'open' || scope === held || (scope === 'observe' && held === 'admin')
    if (isAllowed) expect([401, 403]).not.toContain(status)
    else expect(status).toBe(403)
  })

  test('with a key for everything about one endpoint', async () => {
    const { status } = await ask(bearer(bound.key))
    if (scope === 'open' || routeRules[`${method} ${path}`]!.isBound === true)
      expect([401, 403]).not.toContain(status)
    else expect(status).toBe(403)
  })
})

test.each(routes.filter(({ method }) => method === 'GET'))(
  'HEAD is no way around for $path',
  async ({ method, path }) => {
    const { scope } = routeRules[`${method} ${path}`]!
    const wrong = bearer(gateway.keys[scope === 'metrics' ? 'admin' : 'metrics'])
    const ask = async (headers: Record<string, string>) =>
      (await gateway.app.request(toAddress(path), { method: 'HEAD', headers })).status
    const statuses = [await ask({}), await ask(wrong)]
    if (scope === 'open') for (const status of statuses) expect([200, 503]).toContain(status)
    else expect(statuses).toEqual([401, 403])
  },
)

describe('what is refused', () => {
  const ask = async (headers: Record<string, string>, path = '/metrics', method = 'GET') => {
    const answer = await gateway.app.request(path, { method, headers })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }

  test.each<[string, (key: string) => Record<string, string>, string]>([
    ['another scheme', (key) => ({ authorization: `Digest ${key}` }), 'send a key as'],
    ['two keys', (key) => ({ ...bearer(key), 'x-api-key': key }), 'send a key as'],
    ['a cut key', (key) => bearer(key.slice(0, -1)), 'not a whole key'],
    ['a key of somebody else', () => bearer(newKey('x').key), 'not known here'],
    ['the name alone', () => bearer('metrics'), 'not a whole key'],
    [
      'credentials of a browser',
      (key) => ({ authorization: `Basic ${btoa(`me:${key}`)}` }),
      'send the key as',
    ],
  ])('%s', async (_what, headersOf, detail) => {
    const key = gateway.keys.metrics
    const { status, text } = await ask(headersOf(key))
    expect(status).toBe(401)
    expect(JSON.parse(text)).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining(detail),
    })
    expect(text).not.toContain(key.slice(7, 30))
  })

  test('a route that has no rule, to every key', async () => {
    const { app, keys } = serve()
    app.get('/forgotten', (c) => c.text('secret'))
    for (const key of Object.values(keys))
      expect((await app.request('/forgotten', { headers: bearer(key) })).status).toBe(403)
  })

  test('what is nowhere, without a key; with one it is told so', async () => {
    expect((await ask({}, '/nowhere')).status).toBe(401)
    expect((await ask(bearer(gateway.keys.predict), '/nowhere')).status).toBe(404)
    expect((await ask(bearer(gateway.keys.predict), '/predict')).status).toBe(405)
  })
})

test('a key may come as x-api-key, and in a browser as a password, for looking only', async () => {
  const { keys, app } = gateway
  const basic = { authorization: `Basic ${btoa(`anybody:${keys.admin}`)}` }
  expect((await app.request('/metrics', { headers: { 'x-api-key': keys.metrics } })).status).toBe(200)
  expect((await app.request('/console', { headers: basic })).status).toBe(200)
  const asked = await app.request('/console')
  expect(asked.headers.get('www-authenticate')).toBe('Bearer, Basic realm="bandit-gateway"')
})

test('those without a key learn of readiness, not of what there is', async () => {
  const answer = await gateway.app.request('/readyz')
  expect(await answer.json()).toEqual({ status: 'ready' })
})

test('a key that is bound to endpoints is for nothing that concerns all', async () => {
  const answer = await gateway.app.request('/metrics', { headers: bearer(bound.key) })
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('bound to endpoints')])
})

test('who watches when their key is taken away sees no more', async () => {
  const { keys, access } = accessByScope()
  const endpoint = createFakeEndpoint()
  const endpoints = new Map([[endpoint.name, endpoint]])
  const console = createConsole({ endpoints, workers: () => [], clock: () => 1_000_000 })
  let isGone = false
  const identify = (secret: string) => access.identify(isGone ? 'taken away' : secret)
  const { app } = createTestGateway([endpoint], { access: { ...access, identify }, console })
  const answer = await app.request('/console/stream', { headers: bearer(keys.observe) })
  const reader = answer.body!.getReader()
  /** The stream waits for the next look by then. */
  const look = async () => {
    await new Promise(setImmediate)
    console.look()
    return (await reader.read()).done
  }
  expect((await reader.read()).done).toBe(false)
  expect(await look()).toBe(false)
  isGone = true
  expect(await look()).toBe(true)
  console.close()
})
