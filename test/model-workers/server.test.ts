import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWorker, type Worker } from '../../model-workers/run-worker.ts'
import { decodeResponse, encodeRequest } from '../../model-workers/protocol/binary.ts'
import { readHeaderLength } from '../../model-workers/protocol/head.ts'
import { modelFile } from '../fixtures/model-file.ts'
import { identityModel, loopModel, matMulModel } from '../fixtures/onnx-models.ts'
import { quietLogger } from '../fixtures/quiet-logger.ts'
import { runnableSamples, sameTensor } from '../fixtures/tensors.ts'
import { defaultRequest } from '../fixtures/triton-request.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Served {
  readonly worker: Worker
  readonly socket: string
  readonly call: Call
}
type Call = (
  path: string,
  options?: { method?: string; body?: string | Uint8Array; headers?: Record<string, string> },
) => Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>

const serve = async (model: Uint8Array, name = 'm'): Promise<Served> => {
  const socket = join(await tempDir(), 'w.sock')
  const path = await modelFile(model)
  const worker = await runWorker({ model: path, name, listen: { socket }, logger: quietLogger })
  const client = new Client('http://localhost', { socketPath: socket })
  onTestFinished(async () => {
    await client.destroy()
    await worker.stop()
  })
  const call: Call = async (path, { method, body, headers = {} } = {}) => {
    const answer = await client.request({
      path,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    return { status: answer.statusCode, headers: answer.headers, body: bytes }
  }
  return { worker, socket, call }
}

const json = (body: Buffer): unknown => JSON.parse(body.toString())
const infer = '/v2/models/m/infer'
const oneRow = '{"id":"q","inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}'

describe.each(runnableSamples)('$tensor.datatype over a socket', ({ tensor, json: elements }) => {
  test('in binary', async () => {
    const { call } = await serve(identityModel(tensor.datatype))
    const message = encodeRequest({ id: 'a', inputs: [tensor] })
    const { status, headers, body } = await call(infer, message)
    expect(status).toBe(200)
    const decoded = decodeResponse(
      readHeaderLength(headers['inference-header-content-length'] as string),
      body,
    )
    expect(decoded).toMatchObject({ modelName: 'm', modelVersion: '1', id: 'a' })
    expect(sameTensor(decoded.outputs[0]!, { ...tensor, name: 'y' })).toBe(true)
  })

  test('in JSON', async () => {
    const { call } = await serve(identityModel(tensor.datatype))
    const { datatype } = tensor
    const { status, body } = await call(infer, {
      body: `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[2,2],"data":${elements}}]}`,
    })
    expect(status).toBe(200)
    const flat = `[${elements.replaceAll(/^\[\[|\]\]$/g, '').replace('],[', ',')}]`
    expect(body.toString()).toBe(
      `{"model_name":"m","model_version":"1","outputs":[{"name":"y","datatype":"${datatype}","shape":[2,2],"data":${flat}}]}`,
    )
  })
})

describe('the protocol', () => {
  test('server, health and model are described', async () => {
    const { call } = await serve(matMulModel())
    const server = { name: 'bandit-model-worker', version: '2', extensions: ['binary_tensor_data'] }
    const model = {
      name: 'm',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 3] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
    }
    const expected = {
      '/v2': server,
      '/v2/': server,
      '/v2/health/live': { live: true },
      '/v2/health/ready': { ready: true },
      '/v2/models/m': model,
      '/v2/models/m/versions/1': model,
      '/v2/models/m/ready': { name: 'm', ready: true },
      '/v2/models/m/versions/1/ready?now': { name: 'm', ready: true },
    }
    for (const [path, value] of Object.entries(expected)) {
      const { status, body } = await call(path)
      expect([path, status, json(body)]).toEqual([path, 200, value])
    }
  })

  test('what the Triton client sends by default is answered in binary, whatever its content type', async () => {
    const { call } = await serve(identityModel('FP32'))
    const headers = { 'inference-header-content-length': '135', 'content-type': 'application/x-whatever' }
    const { status, headers: answered, body } = await call(infer, { body: defaultRequest, headers })
    expect(status).toBe(200)
    expect(answered['content-type']).toBe('application/octet-stream')
    expect(body.subarray(-16)).toEqual(defaultRequest.subarray(-16))
  })

  test('JSON is read under any content type, as long as no header length is given', async () => {
    const { call } = await serve(matMulModel())
    const headers = { 'content-type': 'application/octet-stream' }
    const { status, body } = await call('/v2/models/m/versions/1/infer', { body: oneRow, headers })
    expect(status).toBe(200)
    expect(json(body)).toMatchObject({ id: 'q', outputs: [{ name: 'y', shape: [1, 2], data: [22, 28] }] })
  })

  test('a name may need encoding in the path, or hold a slash', async () => {
    const { call } = await serve(matMulModel(), 'team/müll 1')
    for (const path of ['/v2/models/team/m%C3%BCll%201', '/v2/models/team%2Fm%C3%BCll%201']) {
      expect((await call(path)).status).toBe(200)
    }
  })
})

describe('faults', () => {
  test.each<[string, string, Parameters<Call>[1], number, RegExp]>([
    ['an unknown path', '/v3', {}, 404, /no such path/],
    ['an unknown model', '/v2/models/n', {}, 404, /no such model/],
    ['an unknown version', '/v2/models/m/versions/2/infer', { body: oneRow }, 404, /no such model/],
    ['an object key as a model', '/v2/models/__proto__', {}, 404, /no such model/],
    ['a path that is badly encoded', '/v2/models/%zz', {}, 400, /URL-encoded/],
    ['reading what is to be posted', infer, {}, 405, /POST only/],
    ['posting what is to be read', '/v2', { body: '{}' }, 405, /GET only/],
    ['no JSON', infer, { body: '{' }, 400, /cannot be parsed/],
    ['another shape', infer, { body: oneRow.replace('1,3', '3,1') }, 400, /expected \[-1, 3\]/],
    ['another input', infer, { body: oneRow.replace('"x"', '"z"') }, 400, /"z", expected "x"/],
    [
      'another output',
      infer,
      { body: oneRow.replace('{', '{"outputs":[{"name":"z"}],') },
      400,
      /"z", expected/,
    ],
    ['text for a number', infer, { body: oneRow.replace('2,3', '2,"3"') }, 400, /"x" at \/2/],
    [
      'a header length beyond the body',
      infer,
      { body: oneRow, headers: { 'inference-header-content-length': '999' } },
      400,
      /does not fit/,
    ],
    [
      'a header length that is no number',
      infer,
      { body: oneRow, headers: { 'inference-header-content-length': 'x' } },
      400,
      /whole number/,
    ],
    [
      'a compressed body',
      infer,
      { body: oneRow, headers: { 'content-encoding': 'gzip' } },
      415,
      /Content-Encoding/,
    ],
  ])('%s', async (_, path, options, status, message) => {
    const { call } = await serve(matMulModel())
    const answer = await call(path, options)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(json(answer.body)).toEqual({ error: expect.stringMatching(message) })
  })

  test('a failing model is a 500 that keeps the text of the runtime to itself', async () => {
    const { call } = await serve(loopModel())
    const body = '{"inputs":[{"name":"n","datatype":"INT64","shape":[2],"data":[1,2]}]}'
    const answer = await call(infer, { body })
    expect(answer.status).toBe(500)
    expect(json(answer.body)).toEqual({ error: 'the model "m" failed on these inputs' })
  })

  test('numbers that JSON cannot write are answered in binary only', async () => {
    const { call } = await serve(matMulModel())
    const huge = oneRow.replace('1,2,3', '3e38,3e38,3e38')
    const refused = await call(infer, { body: huge })
    expect(refused.status).toBe(500)
    expect(json(refused.body)).toEqual({ error: expect.stringContaining('ask for binary output') })
    const taken = await call(infer, { body: huge.replace('{', '{"parameters":{"binary_data_output":true},') })
    expect(taken.status).toBe(200)
  })

  test('a body of more than 64 MiB is refused before it is sent, and the worker serves on', async () => {
    const { socket, call } = await serve(matMulModel())
    const raw = connect(socket)
    raw.write(`POST ${infer} HTTP/1.1\r\nhost: x\r\ncontent-length: ${64 * 2 ** 20 + 1}\r\n\r\n`)
    expect(await text(raw)).toMatch(/^HTTP\/1\.1 413 /)
    expect((await call(infer, { body: oneRow })).status).toBe(200)
  })

  test('a chunked body that grows beyond it is refused too', async () => {
    const { socket, call } = await serve(matMulModel())
    const raw = connect(socket)
    const mebibyte = ' '.repeat(2 ** 20)
    raw.write(`POST ${infer} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`)
    for (let i = 0; i < 65; i++) raw.write(`100000\r\n${mebibyte}\r\n`)
    raw.on('error', () => undefined)
    const [status] = await new Promise<string[]>((resolve) => {
      raw.once('data', (data) => resolve(data.toString().split('\r\n')))
    })
    raw.destroy()
    expect(status).toMatch(/^HTTP\/1\.1 413 /)
    expect((await call(infer, { body: oneRow })).status).toBe(200)
  })

  test('a client that goes away in the middle of its body does no harm', async () => {
    const { socket, call } = await serve(matMulModel())
    const raw = connect(socket)
    raw.write(`POST ${infer} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"inputs"`)
    expect((await call(infer, { body: oneRow })).status).toBe(200)
    raw.destroy()
    expect((await call(infer, { body: oneRow })).status).toBe(200)
  })
})

describe('stopping', () => {
  test('what has been sent is answered, then the socket is gone', async () => {
    const { worker, socket, call } = await serve(loopModel())
    const n = (times: number) => ({
      body: `{"inputs":[{"name":"n","datatype":"INT64","shape":[],"data":[${times}]}]}`,
    })
    await call(infer, n(1))
    const answer = call(infer, n(20_000))
    const stopped = worker.stop()
    const { status, headers } = await answer
    expect(status).toBe(200)
    expect(headers['connection']).toBe('close')
    await stopped
    const raw = connect(socket)
    await expect(new Promise((_, reject) => raw.once('error', reject))).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })
})
