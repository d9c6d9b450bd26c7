import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createConsole } from '../../../gateway/console/console.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway } from '../../fixtures/gateway-app.ts'

const hostile = '<img src=x onerror=alert(1)>'

function serve() {
  const endpoint = createFakeEndpoint({ name: hostile, arms: [createFakeArm('</script>')] })
  const endpoints = new Map([[endpoint.name, endpoint]])
  const console = createConsole({ endpoints, workers: () => [], clock: () => 1_000_000 })
  return { console, ...createTestGateway([endpoint], { console }) }
}

test('the page may run its own files and what bears its nonce, which is never the same', async () => {
  const { app } = serve()
  const pages = await Promise.all([app.request('/console'), app.request('/console')])
  const policies = pages.map(({ headers }) => headers.get('content-security-policy')!)
  for (const [at, policy] of policies.entries()) {
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/)
    const text = await pages[at]!.text()
    const scripts = text.match(/<script\b[^>]*>/g)!
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([])
    expect(text).not.toMatch(/\son\w+=|\sstyle=|<style/)
  }
  expect(policies[0]).not.toBe(policies[1])
})

test('the page holds no name of an endpoint or an arm, so none can break out of it', async () => {
  const { app } = serve()
  const text = await (await app.request('/console')).text()
  expect(text).not.toContain('onerror')
  const data = await app.request('/console/data')
  expect(data.headers.get('content-type')).toContain('application/json')
  expect(data.headers.get('x-content-type-options')).toBe('nosniff')
  expect(((await data.json()) as { endpoints: { name: string }[] }).endpoints[0]!.name).toBe(hostile)
})

test('every file that the page or one of its modules asks for is there, and none of them is elsewhere', async () => {
  const { app } = serve()
  const page = await (await app.request('/console')).text()
  const folder = join(import.meta.dirname, '../../../gateway/console/browser')
  const own = readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name))
  const texts = [page, ...own.map((name) => readFileSync(join(folder, name), 'utf8'))]
  for (const text of texts)
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|url\(/)
  const fromPage = [...page.matchAll(/console\/assets\/([\w.-]+)/g)].map((match) => match[1]!)
  const fromModules = texts.flatMap((text) =>
    [...text.matchAll(/from '\.\/([\w.-]+)'/g)].map((match) => match[1]!),
  )
  const names = [...new Set([...fromPage, ...fromModules])]
  expect(names.length).toBeGreaterThan(5)
  for (const name of names) {
    const response = await app.request(`/console/assets/${name}`)
    expect([name, response.status]).toEqual([name, 200])
    const again = await app.request(`/console/assets/${name}`, {
      headers: { 'if-none-match': response.headers.get('etag')! },
    })
    expect(again.status).toBe(304)
  }
})

test.each(['..%2froute.ts', '%2e%2e%2f%2e%2e%2fpackage.json', 'tsconfig.json', 'main.ts', ''])(
  'no file but those: %s',
  async (name) => {
    expect((await serve().app.request(`/console/assets/${name}`)).status).toBe(404)
  },
)

test('the stream begins with everything and ends with the console', async () => {
  const { app, console } = serve()
  const response = await app.request('/console/stream')
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const { value } = await reader.read()
  expect(JSON.parse(value!.replace(/^data: /, ''))).toMatchObject({
    whole: true,
    endpoints: [{ name: hostile }],
  })
  console.look()
  const next = await reader.read()
  expect(JSON.parse(next.value!.replace(/^data: /, ''))).toMatchObject({ whole: false })
  console.close()
  expect((await reader.read()).done).toBe(true)
  expect((await app.request('/console/stream')).status).toBe(503)
})

test('a slash at the end leads to the page, below the path of a proxy too', async () => {
  const response = await serve().app.request('/console/')
  expect([response.status, response.headers.get('location')]).toEqual([302, '../console'])
})

test('asking for the head of the stream alone takes nobody else’s place', async () => {
  const { app, console } = serve()
  for (let asked = 0; asked < 40; asked++) {
    const { status, headers, body } = await app.request('/console/stream', { method: 'HEAD' })
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null])
  }
  const stream = await app.request('/console/stream')
  expect(stream.status).toBe(200)
  await stream.body!.cancel()
  console.close()
})
