import { describe, expect, onTestFinished, test } from 'vitest'
import { request } from 'node:http'
import { listenHttp } from '../../../gateway/http/server.ts'
import { createForeignPages, pageRulesOf, type PageRules } from '../../../gateway/security/foreign-pages.ts'

interface Asked {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
}

/** The status that the requests got, and what was counted. */
function guard(rules: PageRules) {
  const counted: number[] = []
  const metrics = {
    started: () => undefined,
    finished: ({ status }: { status: number }) => counted.push(status),
  }
  const refuse = createForeignPages(rules, metrics)!
  const statusOf = ({ method = 'POST', headers }: Asked) =>
    refuse({ method, rawHeaders: Object.entries(headers).flat() })?.status ?? 200
  return { refuse, counted, statusOf }
}

const Host = 'localhost:8080'

describe('a page of elsewhere', () => {
  test.each([
    [200, 'POST', {}],
    [200, 'POST', { 'sec-fetch-mode': 'cors' }],
    [200, 'PUT', { Origin: 'http://localhost:8080' }],
    [200, 'PUT', { Origin: 'https://app.example', 'Sec-Fetch-Site': 'same-origin' }],
    [200, 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    [200, 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    [403, 'POST', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    [403, 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    [403, 'POST', { 'SEC-FETCH-SITE': 'same-site' }],
    [403, 'POST', { origin: 'http://evil.example' }],
    [403, 'POST', { origin: 'http://localhost:3000' }],
    [403, 'POST', { origin: 'null' }],
    [403, 'OPTIONS', { origin: 'http://evil.example' }],
  ])('is answered %i to %s with %j', (status, method, headers) => {
    const { statusOf, counted } = guard({ hosts: [], origins: [] })
    expect(statusOf({ method, headers: { Host, ...headers } })).toBe(status)
    expect(counted).toEqual(status === 200 ? [] : [status])
  })
})

test('a page that is welcome', () => {
  const { statusOf } = guard({ origins: ['https://app.example'] })
  const from = (origin: string) => statusOf({ headers: { Host, origin, 'sec-fetch-site': 'cross-site' } })
  expect([from('https://app.example'), from('https://APP.example')]).toEqual([200, 200])
  expect([from('http://app.example'), from('https://app.example:444'), from('null')]).toEqual([403, 403, 403])
})

test('whoever has keys needs none of this, unless it is said', () => {
  const auth = { keys: [] }
  expect(pageRulesOf({ auth })).toEqual({ hosts: undefined, origins: undefined })
  expect(
    createForeignPages(pageRulesOf({ auth }), { started: () => undefined, finished: () => undefined }),
  ).toBe(undefined)
  expect(pageRulesOf({ auth, hosts: ['a'], origins: ['b'] })).toEqual({ hosts: ['a'], origins: ['b'] })
  expect(pageRulesOf({})).toEqual({ hosts: [], origins: [] })
  expect(pageRulesOf({ auth: 'off' })).toEqual({ hosts: undefined, origins: [] })
  expect(pageRulesOf({ auth: 'off', hosts: ['a'] })).toEqual({ hosts: ['a'], origins: [] })
})

describe('a name', () => {
  const own = ['localhost', 'LOCALHOST:8080', 'app.localhost', '127.0.0.1:8080', '[::1]:8080', '10.0.0.7']
  const others = ['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example', 'x', '']

  test('that leads here is no name of this machine', () => {
    const { statusOf, refuse } = guard({ hosts: [] })
    for (const host of own) expect(statusOf({ headers: { Host: host } }), host).toBe(200)
    for (const host of others) expect(statusOf({ headers: { Host: host } }), host).toBe(421)
    expect(refuse({ method: 'GET', rawHeaders: ['host', 'evil.example'] })!.detail).toContain(
      'this asks for "evil.example": add that name to hosts',
    )
    // HTTP/1.0, which no browser speaks.
    expect(statusOf({ headers: {} })).toBe(200)
  })

  test('may be listed', () => {
    const { statusOf } = guard({ hosts: ['Gateway.example'] })
    for (const host of [...own, 'gateway.EXAMPLE:443', 'gateway.example.'])
      expect(statusOf({ headers: { Host: host } }), host).toBe(200)
    for (const host of others) expect(statusOf({ headers: { Host: host } }), host).toBe(421)
  })

  test('may be any where only pages are looked at', () => {
    const { statusOf } = guard({ origins: [] })
    for (const host of [...own, ...others]) expect(statusOf({ headers: { Host: host } }), host).toBe(200)
  })
})

test('neither gets to the app', async () => {
  let asked = 0
  const { refuse } = guard({ hosts: [], origins: [] })
  const server = await listenHttp({
    fetch() {
      asked++
      return new Response('fine')
    },
    refuse,
    host: '127.0.0.1',
    port: 0,
    maxConnections: 10,
  })
  onTestFinished(() => server.close())
  const ask = (headers: Readonly<Record<string, string>>) =>
    new Promise((resolve, reject) => {
      const sent = request(`${server.origin}/v2/repository/models/digits/unload`, { method: 'POST', headers })
      sent.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject)
      sent.end('{}')
    })
  expect(await ask({ origin: 'http://evil.example' })).toBe(403)
  expect(await ask({ host: 'evil.example' })).toBe(421)
  expect(asked).toBe(0)
  expect(await ask({})).toBe(200)
})
