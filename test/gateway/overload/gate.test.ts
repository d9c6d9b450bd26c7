import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { listenHttp } from '../../../gateway/http/server.ts'
import { createGate } from '../../../gateway/overload/gate.ts'
import { waitUntil } from '../../support/wait-until.ts'

const serve = async (places: number) => {
  let free = places
  const counted: string[] = []
  const asked: string[] = []
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const gate = createGate({
    limitOf: (name) => {
      asked.push(name)
      return { enters: () => free > 0 && free-- > 0, left: () => void free++, released: () => void free++ }
    },
    refused: () => {},
    leavingPerSecond: () => 0,
    metrics: {
      started: () => counted.push('started'),
      finished: ({ route, status }) => counted.push(`${route} ${status}`),
    },
    random: () => 0.99,
  })
  const server = await listenHttp({
    gate,
    async fetch(request) {
      if (new URL(request.url).pathname === '/predict/slow') await held
      return new Response('fine')
    },
    host: '127.0.0.1',
    port: 0,
    maxConnections: 100,
  })
  onTestFinished(() => server.close())
  const post = (path: string, body = '{}') => fetch(server.origin + path, { method: 'POST', body })
  return { post, asked, counted, letGo: () => letGo(), free: () => free, origin: server.origin }
}

test('refuses predictions without a place, whole and for good, and nothing else', async () => {
  const { post, asked, counted, origin } = await serve(0)
  const answer = await post('/predict/digits', 'x'.repeat(100_000))
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toMatchObject({ code: 'overloaded', status: 503 })
  const infer = await post('/v2/models/digits/infer')
  expect([infer.status, await infer.json()]).toEqual([503, { error: expect.any(String) }])
  expect(counted).toEqual(['started', '/predict/:endpoint 503', 'started', '/v2/models/:endpoint/infer 503'])
  await post('/predict')
  await post('/decide/digits')
  await post('/ofrep/v1/evaluate/flags/digits')
  expect(asked).toEqual(['digits', 'digits', '', 'digits', 'digits'])
  expect((await post('/feedback')).status).toBe(200)
  expect((await fetch(`${origin}/livez`)).status).toBe(200)
})

test('refusals beyond 500 a second wait, and their connections with them', async () => {
  const { post } = await serve(0)
  const startedAt = performance.now()
  const answers = await Promise.all(Array.from({ length: 90 }, () => post('/predict')))
  expect(answers.every(({ status }) => status === 503)).toBe(true)
  // 50 at once, and 40 in 80 ms.
  expect(performance.now() - startedAt).toBeGreaterThan(70)
})

test('a place is free again when the answer is gone, or its client', async () => {
  const { post, letGo, free, origin } = await serve(1)
  expect(await (await post('/predict')).text()).toBe('fine')
  await expect.poll(free).toBe(1)

  const controller = new AbortController()
  const left = fetch(`${origin}/predict/slow`, { method: 'POST', body: '{}', signal: controller.signal })
  await expect.poll(free).toBe(0)
  expect((await post('/predict')).status).toBe(503)
  controller.abort()
  await expect(left).rejects.toThrow()
  await expect.poll(free).toBe(1)
  letGo()
})

test('a body that dribbles in holds its place no longer than nobody else needs it', async () => {
  const { post, origin, free } = await serve(1)
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('POST /predict/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')
  await waitUntil(() => free() === 0, { what: 'it has the place' })
  expect((await post('/predict/digits')).status).toBe(503)
  await sleep(300)
  expect((await post('/predict/digits')).status).toBe(200)
  await waitUntil(() => free() === 1, { what: 'the place is free again' })
  const closed = once(socket, 'close')
  socket.destroy()
  await closed
  await sleep(20)
  // It has had none to give back.
  expect(free()).toBe(1)
})
