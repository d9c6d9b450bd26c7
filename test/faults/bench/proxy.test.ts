import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { waitUntil } from '../../support/wait-until.ts'
import { createFaultProxy } from './proxy.ts'
import type { Toxics } from './toxics.ts'

/** A server that says every chunk back and ends when its client does, behind a proxy. */
async function newEcho() {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard.push(String(chunk))
      socket.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await createFaultProxy({ upstreamPort: (server.address() as AddressInfo).port })
  onTestFinished(async () => {
    await proxy.close()
    server.close()
    await once(server, 'close')
  })
  return { proxy, heard }
}

function open(port: number) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const said: string[] = []
  let fault: string | undefined
  socket.on('data', (chunk) => said.push(String(chunk)))
  socket.on('error', (error: NodeJS.ErrnoException) => (fault = error.code))
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    said: () => said.join(''),
    chunks: said,
    fault: () => fault,
    async closed() {
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
    },
  }
}

async function talk(toxics: Toxics, words: string) {
  const { proxy, heard } = await newEcho()
  proxy.set(toxics)
  const start = performance.now()
  const client = open(proxy.port)
  client.socket.write(words)
  return { proxy, heard, client, elapsed: () => performance.now() - start }
}

test('without toxics everything passes, half-closed connections too', async () => {
  const { proxy } = await newEcho()
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  socket.end('hello')
  expect(await text(socket)).toBe('hello')
  await waitUntil(() => proxy.connections() === 0, { what: 'the connection is gone' })
})

describe('what passes', () => {
  test('comes later in both directions', async () => {
    const { client, elapsed } = await talk({ latencyMs: 40 }, 'hello')
    await waitUntil(() => client.said() === 'hello', { what: 'the answer is there' })
    expect(elapsed()).toBeGreaterThanOrEqual(80)
  })

  test('comes slowly in both directions', async () => {
    const { client, elapsed } = await talk({ bandwidth: 10_000 }, 'x'.repeat(500))
    await waitUntil(() => client.said().length === 500, { what: 'the answer is there' })
    expect(elapsed()).toBeGreaterThanOrEqual(99)
  })

  test('comes in slices', async () => {
    const { client, heard } = await talk({ slicer: { size: 2, delayMs: 5 } }, 'hello')
    await waitUntil(() => client.said() === 'hello', { what: 'the answer is there' })
    expect(heard).toEqual(['he', 'll', 'o'])
  })

  test('ends at the limit', async () => {
    const { client } = await talk({ limitData: 3 }, 'hello')
    await client.closed()
    expect(client.said()).toBe('hel')
  })

  test('ends later than the other side did', async () => {
    const { client, elapsed } = await talk({ slowCloseMs: 40 }, 'hello')
    client.socket.end()
    await client.closed()
    expect(elapsed()).toBeGreaterThanOrEqual(80)
  })
})

describe('a connection', () => {
  test('is refused while it is down, and cut when that begins', async () => {
    const { proxy } = await newEcho()
    const before = open(proxy.port)
    await waitUntil(() => proxy.connections() === 1, { what: 'it is connected' })
    proxy.set({ down: true })
    await before.closed()
    const during = open(proxy.port)
    during.socket.write('hello')
    await during.closed()
    proxy.set()
    const after = open(proxy.port)
    after.socket.write('hello')
    await waitUntil(() => after.said() === 'hello', { what: 'the answer is there' })
    expect([before.said(), during.said()]).toEqual(['', ''])
  })

  test('goes silent, and ends after the time-out', async () => {
    const { client, heard, elapsed } = await talk({ timeoutMs: 40 }, 'hello')
    await client.closed()
    expect(elapsed()).toBeGreaterThanOrEqual(39)
    expect([heard, client.said()]).toEqual([[], ''])
  })

  test('that was silent and is healed is reset: what it missed is not left out', async () => {
    const { client, proxy, heard } = await talk({ timeoutMs: 10_000 }, 'lost')
    await waitUntil(() => proxy.connections() === 1, { what: 'it is there' })
    await sleep(50)
    proxy.set()
    client.socket.write('hello')
    await client.closed()
    expect(client.fault()).toBe('ECONNRESET')
    expect(heard).toEqual([])
  })

  test('is reset', async () => {
    const { client, elapsed } = await talk({ resetPeerMs: 40 }, 'hello')
    await client.closed()
    expect(elapsed()).toBeGreaterThanOrEqual(39)
    expect(client.fault()).toBe('ECONNRESET')
  })
})

describe('an answer', () => {
  test('is lost with its connection after the server has heard the request', async () => {
    const { proxy, client, heard } = await talk({ dropReplies: 1 }, 'hello')
    await client.closed()
    expect([heard, client.said(), proxy.repliesLeft()]).toEqual([['hello'], '', 0])
    const second = open(proxy.port)
    second.socket.write('again')
    await waitUntil(() => second.said() === 'again', { what: 'the answer is there' })
  })

  test('comes twice', async () => {
    const { client, heard } = await talk({ duplicateReplies: 1 }, 'hello')
    await waitUntil(() => client.said() === 'hellohello', { what: 'both answers are there' })
    expect(heard).toEqual(['hello'])
  })
})
