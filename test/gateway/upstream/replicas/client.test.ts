import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createReplicaClient, type ReplicaAddress } from '../../../../gateway/upstream/replicas/client.ts'
import { UpstreamError, type UpstreamFault } from '../../../../gateway/upstream/errors.ts'
import { elementsToJson } from '../../../../model-workers/protocol/json.ts'
import { tempDir } from '../../../support/temp-dir.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { model, rows } from '../fixtures/fake-replica.ts'
import { type Misbehaviour, send, startOipServer } from '../fixtures/oip-server.ts'

function connect(address: ReplicaAddress, options: { servedAs?: string; version?: string } = {}) {
  const client = createReplicaClient({
    model: options.servedAs === undefined ? 'sums' : 'ours',
    address,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

const request = { inputs: rows([1, 2], [3, 4]) }
const patience = (): AbortSignal => AbortSignal.timeout(5_000)

async function startMisbehaving(misbehave: Misbehaviour) {
  const server = await startOipServer()
  server.misbehave = misbehave
  return { server, client: connect({ index: 0, socket: server.socket }) }
}

describe('a well replica', () => {
  test('answers over a Unix socket, call after call on the same connections', async () => {
    const server = await startOipServer()
    const client = connect({ index: 0, socket: server.socket })
    for (let i = 0; i < 20; i++) {
      const { outputs } = await client.infer(request, patience(), 1000)
      expect(elementsToJson(outputs[0]!)).toEqual([3, 7])
    }
    expect(server.connections).toBeLessThanOrEqual(2)
    expect(new Set(server.requests)).toEqual(new Set(['POST /v2/models/sums/infer']))
  })

  test('answers over TCP under a base path, by another name and version', async () => {
    const server = await startOipServer('tcp')
    const client = connect({ index: 0, url: server.url }, { servedAs: 'sums', version: '2' })
    const { outputs } = await client.infer(request, patience(), 1000)
    expect(elementsToJson(outputs[0]!)).toEqual([3, 7])
    expect(await client.ready(1_000)).toBe(true)
    expect(await client.metadata(1_000)).toEqual(model)
    expect(server.requests).toEqual([
      'POST /base/v2/models/sums/versions/2/infer',
      'GET /base/v2/models/sums/versions/2/ready',
      'GET /base/v2/models/sums/versions/2',
    ])
  })

  test('may leave out the name of the model', async () => {
    const { client } = await startMisbehaving((_, response) => send(response, 200, { outputs: [] }))
    expect(await client.infer(request, patience(), 1000)).toMatchObject({ outputs: [] })
  })
})

describe('statuses', () => {
  test.each<[number, UpstreamFault]>([
    [400, 'rejected'],
    [401, 'unreachable'],
    [404, 'unreachable'],
    [413, 'rejected'],
    [422, 'rejected'],
    [429, 'overloaded'],
    [500, 'bad_output'],
    [501, 'bad_output'],
    [502, 'unreachable'],
    [503, 'overloaded'],
    [504, 'unreachable'],
    [201, 'bad_output'],
  ])('%i is %s', async (status, code) => {
    const { client } = await startMisbehaving((_, response) => send(response, status, { error: 'so it is' }))
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({
      code,
      model: 'sums',
      message: `sums answered ${status}: {"error":"so it is"}`,
    })
  })
})

describe('broken connections are unreachable', () => {
  test('no socket there', async () => {
    const client = connect({ index: 0, socket: join(await tempDir(), 'nobody.sock') })
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('nobody listening', async () => {
    const server = await startOipServer('tcp')
    await server.kill()
    const client = connect({ index: 0, url: server.url })
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test.each<[string, Misbehaviour]>([
    ['closed before an answer', (request) => request.socket.end()],
    ['dropped', (request) => request.socket.destroy()],
    [
      'closed amid the answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': 1_000 }).write('{"model_name"')
        setTimeout(() => request.socket.end(), 10)
      },
    ],
  ])('%s', async (_, misbehave) => {
    const { client, server } = await startMisbehaving(misbehave)
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({ code: 'unreachable' })
    server.misbehave = undefined
    expect((await client.infer(request, patience(), 1000)).outputs).toHaveLength(1)
  })
})

describe('answers that are none are bad output', () => {
  test.each<[string, Misbehaviour]>([
    ['no JSON', (_, response) => void response.end('<html>')],
    ['no response of the protocol', (_, response) => send(response, 200, { model_name: 'sums' })],
    ['another model', (_, response) => send(response, 200, { model_name: 'other', outputs: [] })],
    [
      'a header length beyond the body',
      (_, response) => {
        response.writeHead(200, { 'inference-header-content-length': '999' }).end('{"outputs":[]}')
      },
    ],
    ['no HTTP', (request) => void request.socket.end('SSH-2.0-OpenSSH\r\n\r\n')],
  ])('%s', async (_, misbehave) => {
    const { client } = await startMisbehaving(misbehave)
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({
      code: 'bad_output',
      model: 'sums',
    })
  })

  test('a body without end, which is read to 16 MiB and no further', async () => {
    let sent = 0
    const { client, server } = await startMisbehaving((_, response) => {
      const pour = (): void => {
        while (!response.destroyed) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536, ' '))) return void response.once('drain', pour)
        }
      }
      pour()
    })
    await expect(client.infer(request, patience(), 1000)).rejects.toMatchObject({ code: 'bad_output' })
    await waitUntil(() => server.openConnections === 0, { what: 'the connection is closed' })
    expect(sent).toBeLessThan(32 * 2 ** 20)
  })
})

describe('a replica that hangs', () => {
  const hang: Misbehaviour = () => undefined

  test('times out with the signal and lets go of the connection', async () => {
    const { client, server } = await startMisbehaving(hang)
    const startedAt = performance.now()
    await expect(client.infer(request, AbortSignal.timeout(100), 100)).rejects.toMatchObject({
      code: 'timeout',
    })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await waitUntil(() => server.openConnections === 0, { what: 'the connection is closed' })
    server.misbehave = undefined
    expect((await client.infer(request, patience(), 1000)).outputs).toHaveLength(1)
  })

  test('amid its answer, too', async () => {
    const { client } = await startMisbehaving((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('{')
    })
    await expect(client.infer(request, AbortSignal.timeout(50), 50)).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('fails with the reason that its caller gives', async () => {
    const { client, server } = await startMisbehaving(hang)
    const reason = new UpstreamError('unreachable', 'sums', 'we are closing')
    const abort = new AbortController()
    const asked = client.infer(request, abort.signal, 1000)
    await waitUntil(() => server.requests.length === 1, { what: 'the request has arrived' })
    abort.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  test('is not even asked by a caller who has gone', async () => {
    const { client, server } = await startMisbehaving(hang)
    await expect(client.infer(request, AbortSignal.abort(), 1000)).rejects.toMatchObject({ code: 'timeout' })
    await sleep(20)
    expect(server.connections).toBe(0)
  })

  test('before it has accepted the connection', async () => {
    const server = createServer({ pauseOnConnect: true })
    const socket = join(await tempDir(), 'deaf.sock')
    server.listen(socket)
    await once(server, 'listening')
    const connections: { destroy(): void }[] = []
    server.on('connection', (connection) => connections.push(connection))
    onTestFinished(() => {
      for (const connection of connections) connection.destroy()
      server.close()
    })
    const client = connect({ index: 0, socket })
    await expect(client.infer(request, AbortSignal.timeout(50), 50)).rejects.toMatchObject({
      code: 'timeout',
    })
    expect(await client.ready(50)).toBe(false)
  })

  test('can be probed beside its running call', async () => {
    const { client } = await startMisbehaving(hang)
    const hanging = client.infer(request, AbortSignal.timeout(200), 200).catch((error: unknown) => error)
    await sleep(20)
    expect(await client.ready(100)).toBe(true)
    expect(await hanging).toMatchObject({ code: 'timeout' })
  })
})

describe('health and metadata', () => {
  test('ready is what the server says of the model', async () => {
    const server = await startOipServer()
    const client = connect({ index: 0, socket: server.socket })
    expect(await client.ready(1_000)).toBe(true)
    server.ready = false
    expect(await client.ready(1_000)).toBe(false)
    await server.kill()
    expect(await client.ready(1_000)).toBe(false)
  })

  test('metadata that cannot be used says why', async () => {
    const server = await startOipServer()
    const client = connect({ index: 0, socket: server.socket })
    server.metadata = { ...model, inputs: [{ name: 'x', datatype: 'FP8', shape: [-1] }] }
    await expect(client.metadata(1_000)).rejects.toMatchObject({
      code: 'bad_output',
      message: expect.stringContaining('inputs[0].datatype'),
    })
  })
})
