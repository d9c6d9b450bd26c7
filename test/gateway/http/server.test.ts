import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listenHttp } from '../../../gateway/http/server.ts'

const listen = async (maxConnections = 100) => {
  const asked: string[] = []
  const server = await listenHttp({
    fetch(request) {
      asked.push(new URL(request.url).pathname)
      return new Response('fine')
    },
    host: '127.0.0.1',
    port: 0,
    maxConnections,
  })
  onTestFinished(() => server.close())
  return { asked, port: Number(new URL(server.origin).port) }
}

const open = (port: number) => {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return socket
}

/** All that comes back until the connection is closed. */
const exchange = async (port: number, path: string, headers: readonly string[] = []): Promise<string> => {
  const socket = open(port)
  socket.write([`GET ${path} HTTP/1.1`, 'Host: x', ...headers, 'Connection: close', '', ''].join('\r\n'))
  return text(socket)
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1`)

describe('the head of a request', () => {
  test.each(['/a', '/a%20b', '/%E2%82%AC', '/%f0%9f%8e%b0', '/a?q=%ff%00'])('%s is a path', async (path) => {
    const { asked, port } = await listen()
    expect(await exchange(port, path)).toMatch(/^HTTP\/1\.1 200 /)
    expect(asked).toHaveLength(1)
  })

  test.each(['/%ff%fe', '/a%00b', '/%e2%82', '/%', '/%zz', '/a%2'])('%s is none', async (path) => {
    const { asked, port } = await listen()
    const answer = await exchange(port, path)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"code":"malformed_path"')
    expect(asked).toEqual([])
  })

  test.each(['Host: y', 'hOST: x'])('names one host: not also %s', async (second) => {
    const { asked, port } = await listen()
    const answer = await exchange(port, '/', [second])
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"code":"repeated_host"')
    expect(asked).toEqual([])
  })

  test('has 64 headers at most', async () => {
    const { asked, port } = await listen()
    // With Host and Connection.
    expect(await exchange(port, '/', many(62))).toMatch(/^HTTP\/1\.1 200 /)
    const answer = await exchange(port, '/', many(63))
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).toContain('"code":"too_many_headers"')
    // Node refuses more than we ask it to count by itself.
    expect(await exchange(port, '/', many(100))).toMatch(/^HTTP\/1\.1 431 /)
    expect(asked).toEqual(['/'])
  })

  test('has 8 KiB at most', async () => {
    const { port } = await listen()
    expect(await exchange(port, '/', [`X-Long: ${'a'.repeat(8192)}`])).toMatch(/^HTTP\/1\.1 431 /)
  })
})

test('more connections than may be open are closed, those that are open stay', async () => {
  const { port } = await listen(2)
  const first = [open(port), open(port)]
  await Promise.all(first.map((socket) => once(socket, 'connect')))
  // The server may still be accepting them.
  await sleep(20)
  const third = open(port)
  await once(third, 'close')
  first[0]!.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(await text(first[0]!)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a server that closes waits for answers, and not for connections that say nothing or half a head', async () => {
  const { server, port, letGo } = await listenSlowly()
  const [silent, half, asking] = [open(port), open(port), open(port)]
  await Promise.all([silent, half, asking].map((socket) => once(socket, 'connect')))
  half.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Le')
  asking.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await sleep(50)
  const closed = server.close()
  await Promise.all([silent.resume(), half.resume()].map((socket) => once(socket, 'close')))
  expect(asking.destroyed).toBe(false)
  letGo()
  expect(await text(asking)).toMatch(/^HTTP\/1\.1 200 /)
  await closed
})

const listenSlowly = async () => {
  const held = Promise.withResolvers<void>()
  const server = await listenHttp({
    async fetch() {
      await held.promise
      return new Response('fine')
    },
    host: '127.0.0.1',
    port: 0,
    maxConnections: 100,
  })
  return { server, port: Number(new URL(server.origin).port), letGo: held.resolve }
}

test('a request that was sent on an idle connection in the moment of the close is answered', async () => {
  const server = await listenHttp({
    fetch: () => new Response('fine'),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 10,
  })
  const socket = open(Number(new URL(server.origin).port))
  const received = text(socket)
  const request = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n'
  socket.write(request)
  await once(socket, 'readable')
  await sleep(20)
  const closed = server.close()
  socket.write(request)
  await closed
  expect((await received).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
})
