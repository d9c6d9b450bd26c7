import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import type { GatewayError } from '../../../gateway/errors.ts'
import { readBody } from '../../../gateway/http/read-body.ts'
import type { AppContext, AppEnv } from '../../../gateway/http/request-info.ts'
import { listenHttp } from '../../../gateway/http/server.ts'

const limit = 100_000

/** Answers every body with itself, over a real connection. */
async function listen(before: (c: AppContext) => Promise<unknown> = async () => {}) {
  const app = new Hono<AppEnv>()
  const refused = Promise.withResolvers<GatewayError>()
  app.post('/', async (c) => {
    await before(c)
    return c.text((await readBody(c, limit)).toString())
  })
  app.onError((error, c) => {
    refused.resolve(error as GatewayError)
    const { status, headers, code } = error as GatewayError
    return c.body(code, { status: status as 413, headers })
  })
  const server = await listenHttp({ fetch: app.fetch, host: '127.0.0.1', port: 0, maxConnections: 10 })
  onTestFinished(() => server.close())
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n`)
  return { socket, refused: refused.promise }
}

const chunk = (piece: string) => `${piece.length.toString(16)}\r\n${piece}\r\n`

test('a body is read however it is cut', async () => {
  const { socket } = await listen()
  socket.write('Connection: close\r\nContent-Length: 6\r\n\r\nabc')
  await turn()
  socket.write('def')
  expect(await text(socket)).toMatch(/\r\n\r\nabcdef$/)
})

test('a body is read that was there before anybody asked for it', async () => {
  const { socket } = await listen(async (c) => {
    while (!c.env.incoming!.complete) await turn()
  })
  socket.write('Connection: close\r\nContent-Length: 3\r\n\r\nabc')
  expect(await text(socket)).toMatch(/\r\n\r\nabc$/)
})

test('no body is an empty one', async () => {
  const { socket } = await listen()
  socket.write('Connection: close\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/)
})

test('one that comes in chunks is refused where it passes the limit, and its connection closed', async () => {
  const { socket, refused } = await listen()
  socket.write(`Transfer-Encoding: chunked\r\n\r\n${chunk('x'.repeat(limit))}`)
  socket.write(chunk('y'))
  expect(await refused).toMatchObject({ code: 'body_too_large' })
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*body_too_large$/i)
})

test('one that breaks off is a fault of the connection', async () => {
  const { socket, refused } = await listen()
  socket.write('Content-Length: 6\r\n\r\nabc')
  await turn()
  socket.destroy()
  expect(await refused).toMatchObject({ code: 'broken_body', cause: { code: 'ECONNRESET' } })
})

test('one whose connection is gone before it is asked for is not waited for', async () => {
  const { socket, refused } = await listen((c) => once(c.env.outgoing!, 'close'))
  socket.write('Content-Length: 6\r\n\r\nabc')
  await turn()
  socket.destroy()
  expect(await refused).toMatchObject({ code: 'broken_body' })
})
