import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, inflateSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { listenHttp } from '../../../gateway/http/server.ts'
import type { Datatype } from '../../../model-workers/protocol/types.ts'
import { createEchoEndpoint } from '../../fixtures/echo-endpoint.ts'
import { createTestGateway } from '../../fixtures/gateway-app.ts'
import requests from '../../fixtures/triton-requests.json' with { type: 'json' }

/** What tritonclient 2.73 wrote to its socket, byte for byte but for the name of the host. */
type Name = keyof typeof requests

interface Reply {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

async function replay(name: Name, datatype: Datatype = 'FP32'): Promise<Reply> {
  const gateway = createTestGateway([createEchoEndpoint(datatype)])
  const server = await listenHttp({
    fetch: (request, env) => gateway.app.fetch(request, env),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 10,
  })
  onTestFinished(() => server.close())
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const { head, body } = requests[name]
  await once(socket, 'connect')
  socket.write(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  socket.write(Buffer.from(body, 'base64'))
  return parseReply(await buffer(socket))
}

function parseReply(bytes: Buffer): Reply {
  const end = bytes.indexOf('\r\n\r\n')
  const [start, ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(start!.split(' ')[1]), headers: new Map(headers), body: bytes.subarray(end + 4) }
}

/** JSON head and what stands behind it. */
function split({ headers, body }: Reply): { head: Record<string, unknown>; binary: Buffer } {
  const length = Number(headers.get('inference-header-content-length') ?? body.length)
  return {
    head: JSON.parse(body.toString('utf8', 0, length)) as Record<string, unknown>,
    binary: body.subarray(length),
  }
}

const sentBinary = (name: Name): Buffer => {
  const { head, body } = requests[name]
  const length = head.find((line) => line.startsWith('Inference-Header'))!.split(': ')[1]
  return Buffer.from(body, 'base64').subarray(Number(length))
}

const floats = Buffer.from(new Float32Array([1, 2, 3, 4]).buffer)

test.each<[Name, Datatype]>([
  ['default', 'FP32'],
  ['aio-default', 'FP32'],
  ['bytes', 'BYTES'],
  ['fp16', 'FP16'],
])('%s is answered in binary', async (name, datatype) => {
  const reply = await replay(name, datatype)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/octet-stream')
  const { head, binary } = split(reply)
  expect(binary).toEqual(sentBinary(name))
  expect(head).toMatchObject({
    model_name: 'm',
    model_version: 'first',
    outputs: [{ name: 'y', datatype, parameters: { binary_data_size: binary.length } }],
    parameters: { endpoint: 'm', arm: 'first', policy: 'uniform', propensity: 0.5, degraded: false },
  })
  expect(head['id']).toBeUndefined()
  const { prediction_id } = head['parameters'] as { prediction_id: string }
  expect(prediction_id).toMatch(/^[\w-]{60,}$/)
  expect(reply.headers.get('x-bandit-prediction-id')).toBe(prediction_id)
  expect(reply.headers.get('x-bandit-arm')).toBe('first')
  expect(reply.headers.get('x-bandit-propensity')).toBe('0.5')
})

test.each<Name>(['json', 'aio-json'])('%s is answered in JSON', async (name) => {
  const reply = await replay(name)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/json')
  const { head } = split(reply)
  expect(head['outputs']).toEqual([{ name: 'y', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] }])
  expect(head['id']).toBe(name === 'json' ? '7' : undefined)
})

test('whole numbers beyond 2^53 keep all their digits', async () => {
  const { body } = await replay('int64', 'INT64')
  expect(body.toString()).toContain('"data":[9007199254740993,-9223372036854775808]')
})

test.each<Name>(['gzip', 'deflate'])('%s is understood; a short answer goes as it is', async (name) => {
  const reply = await replay(name)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-encoding')).toBeUndefined()
  expect(split(reply).binary).toEqual(floats)
})

test.each(['gzip', 'deflate'] as const)(
  'a long answer is compressed with %s where that is asked for',
  async (name) => {
    const gateway = createTestGateway([createEchoEndpoint('FP32')])
    const init = {
      method: 'POST',
      body: JSON.stringify({
        inputs: [
          { name: 'x', shape: [200, 2], datatype: 'FP32', data: Array.from({ length: 400 }, () => 0.5) },
        ],
      }),
      headers: { 'accept-encoding': `br, ${name}` },
    }
    const answer = await gateway.app.request('/v2/models/m/infer', init)
    expect(answer.headers.get('content-encoding')).toBe(name)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const body = JSON.parse((name === 'gzip' ? gunzipSync(bytes) : inflateSync(bytes)).toString())
    expect(body.outputs[0].data).toHaveLength(400)
  },
)

test.each<Name>(['index', 'aio-index'])('%s lists every version', async (name) => {
  const { status, body } = await replay(name)
  expect(status).toBe(200)
  expect(JSON.parse(body.toString())).toEqual([
    { name: 'm', version: 'first', state: 'READY', reason: '' },
    { name: 'm', version: 'second', state: 'READY', reason: '' },
  ])
})

test.each<Name>(['load', 'unload'])('%s is taken', async (name) => {
  expect((await replay(name)).status).toBe(200)
})
