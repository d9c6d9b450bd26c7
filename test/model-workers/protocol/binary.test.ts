import { describe, expect, test } from 'vitest'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type Message,
} from '../../../model-workers/protocol/binary.ts'
import { readHeaderLength } from '../../../model-workers/protocol/head.ts'
import { tensorToJson } from '../../../model-workers/protocol/json.ts'
import type { InferResponse, Tensor } from '../../../model-workers/protocol/types.ts'
import { namedSamples, sameTensor, samples } from '../../fixtures/tensors.ts'
import { defaultRequest } from '../../fixtures/triton-request.ts'

const headerLength = ({ headers }: Message): number | undefined =>
  readHeaderLength(headers['inference-header-content-length'])
const sameTensors = (left: readonly Tensor[], right: readonly Tensor[]): boolean =>
  left.length === right.length && left.every((tensor, i) => sameTensor(tensor, right[i]!))

const decodeJson = (head: unknown) => decodeRequest(undefined, Buffer.from(JSON.stringify(head)))
const withInput = (input: object, behind: Uint8Array = new Uint8Array()) => {
  const head = Buffer.from(
    JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], ...input }] }),
  )
  return decodeRequest(head.length, Buffer.concat([head, behind]))
}
const fault = (code: string) => expect.objectContaining({ name: 'ProtocolFault', code })

describe('requests', () => {
  test('every datatype travels in binary, as views of the body', () => {
    const message = encodeRequest({ id: 'a', inputs: namedSamples, outputs: ['y'], parameters: { key: 'u' } })
    const { request, binaryOutput } = decodeRequest(headerLength(message), message.body)
    expect(request).toMatchObject({ id: 'a', outputs: ['y'], parameters: { key: 'u' } })
    expect(sameTensors(request.inputs, namedSamples)).toBe(true)
    expect(request.inputs.every(({ bytes }) => bytes.buffer === message.body.buffer)).toBe(true)
    expect(binaryOutput('y')).toBe(true)
  })

  test('every datatype is read from JSON, in exact digits', () => {
    const inputs = samples.map(({ tensor, json }, i) => {
      const { datatype, shape } = tensor
      return `{"name":"t${i}","datatype":"${datatype}","shape":[${shape.join(',')}],"data":${json}}`
    })
    const { request, binaryOutput } = decodeRequest(
      undefined,
      Buffer.from(`{"inputs":[${inputs.join(',')}]}`),
    )
    expect(sameTensors(request.inputs, namedSamples)).toBe(true)
    expect(request).not.toHaveProperty('id')
    expect(request).not.toHaveProperty('outputs')
    expect(binaryOutput('y')).toBe(false)
  })

  test('what the Triton client sends by default is read', () => {
    expect(defaultRequest.length).toBe(151)
    const { request, binaryOutput } = decodeRequest(135, defaultRequest)
    expect(request.inputs).toHaveLength(1)
    expect(request.inputs[0]).toMatchObject({ name: 'x', datatype: 'FP32', shape: [2, 2] })
    expect(tensorToJson(request.inputs[0]!)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(binaryOutput('anything')).toBe(true)
    expect(request).not.toHaveProperty('parameters')
  })

  test('JSON and binary inputs may be mixed', () => {
    const head = Buffer.from(
      JSON.stringify({
        inputs: [
          { name: 'a', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 13 } },
          { name: 'b', datatype: 'FP32', shape: [1], data: [5] },
          { name: 'c', datatype: 'UINT8', shape: [2], parameters: { binary_data_size: 2 } },
        ],
      }),
    )
    const behind = Buffer.from('02000000616203000000ff00630809', 'hex')
    const { request } = decodeRequest(head.length, Buffer.concat([head, behind]))
    expect(request.inputs.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual([
      '02000000616203000000ff0063',
      '0000a040',
      '0809',
    ])
  })

  test('each output may choose its form, else the request chooses for all', () => {
    const { request, binaryOutput } = decodeJson({
      parameters: { binary_data_output: true },
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }],
      outputs: [{ name: 'a', parameters: { binary_data: false } }, { name: 'b' }],
    })
    expect(request.outputs).toEqual(['a', 'b'])
    expect([binaryOutput('a'), binaryOutput('b')]).toEqual([false, true])
  })

  test('an empty tensor needs no bytes', () => {
    const empty: Tensor = { name: 'x', datatype: 'FP32', shape: [0, 3], bytes: new Uint8Array() }
    const message = encodeRequest({ inputs: [empty] })
    expect(headerLength(message)).toBeUndefined()
    expect(sameTensors(decodeRequest(undefined, message.body).request.inputs, [empty])).toBe(true)
  })
})

describe('requests that are refused', () => {
  test.each<[string, number | undefined, string, string]>([
    ['a head longer than the body', 3, '{}', 'bad_header_length'],
    ['no head', 0, '{}', 'unsupported'],
    ['nothing', undefined, '', 'bad_json'],
    ['half a head', 1, '{}', 'bad_json'],
    ['no JSON', undefined, '{"inputs":[}', 'bad_json'],
    ['a byte order mark', undefined, '\ufeff{}', 'bad_json'],
    ['a list', undefined, '[]', 'bad_message'],
    ['null', undefined, 'null', 'bad_message'],
    ['no inputs', undefined, '{}', 'bad_message'],
    ['an empty list of inputs', undefined, '{"inputs":[]}', 'bad_message'],
    ['an input that is no object', undefined, '{"inputs":[1]}', 'bad_message'],
  ])('%s', (_, length, body, code) => {
    expect(() => decodeRequest(length, Buffer.from(body))).toThrow(fault(code))
  })

  test('text that is not UTF-8', () => {
    expect(() => decodeRequest(undefined, new Uint8Array([0x7b, 0xff, 0x7d]))).toThrow(fault('bad_json'))
  })

  test.each<[string, object, string]>([
    ['no name', { name: undefined, data: [1, 2] }, 'bad_message'],
    ['an empty name', { name: '', data: [1, 2] }, 'bad_message'],
    ['an unknown datatype', { datatype: 'FP8', data: [1, 2] }, 'bad_message'],
    ['a datatype that is an object key', { datatype: 'toString', data: [1, 2] }, 'bad_message'],
    ['no shape', { shape: undefined, data: [1, 2] }, 'bad_message'],
    ['a free dimension', { shape: [-1], data: [1, 2] }, 'bad_message'],
    ['a broken dimension', { shape: [1.5], data: [1, 2] }, 'bad_message'],
    ['a product that overflows', { shape: [2 ** 31 - 1, 2 ** 31 - 1], data: [1] }, 'bad_message'],
    ['negative dimensions whose product fits', { shape: [-1, -2], data: [1, 2] }, 'bad_message'],
    ['33 dimensions', { shape: Array.from({ length: 33 }, () => 1), data: [1] }, 'bad_message'],
    ['neither data nor bytes', {}, 'bad_message'],
    ['both data and bytes', { data: [1, 2], parameters: { binary_data_size: 8 } }, 'bad_message'],
    ['shared memory', { parameters: { shared_memory_region: 'r' } }, 'unsupported'],
    ['a size that is no number', { parameters: { binary_data_size: '8' } }, 'bad_message'],
    ['a negative size', { parameters: { binary_data_size: -8 } }, 'bad_message'],
    ['too few elements', { data: [1] }, 'bad_tensor'],
    ['too many elements', { data: [1, 2, 3] }, 'bad_tensor'],
    ['strings among numbers', { data: [1, 'a'] }, 'bad_tensor'],
    ['the one value of a longer shape', { datatype: 'BOOL', shape: [3], data: [true] }, 'bad_tensor'],
  ])('%s', (_, input, code) => {
    expect(() => withInput(input)).toThrow(fault(code))
  })

  test.each<[string, object, number]>([
    ['fewer bytes than announced', { parameters: { binary_data_size: 8 } }, 7],
    ['bytes left over', { parameters: { binary_data_size: 8 } }, 9],
    ['bytes behind JSON data', { data: [1, 2] }, 1],
    ['bytes that are not the shape', { parameters: { binary_data_size: 12 } }, 12],
    ['texts longer than their bytes', { datatype: 'BYTES', parameters: { binary_data_size: 9 } }, 9],
    ['fewer texts than the shape', { datatype: 'BYTES', parameters: { binary_data_size: 4 } }, 4],
    ['more texts than the shape', { datatype: 'BYTES', parameters: { binary_data_size: 12 } }, 12],
  ])('%s', (_, input, length) => {
    const behind = new Uint8Array(length)
    if (length === 9) behind[4] = 200
    expect(() => withInput(input, behind)).toThrow(fault('bad_tensor'))
  })

  test('two inputs of one name', () => {
    const input = { name: 'x', datatype: 'FP32', shape: [1], data: [1] }
    expect(() => decodeJson({ inputs: [input, input] })).toThrow(fault('bad_message'))
  })

  test.each([
    { parameters: { a: null } },
    { parameters: { a: {} } },
    { parameters: [] },
    { id: 7 },
    { outputs: {} },
    { outputs: [{}] },
  ])('%j beside good inputs', (rest) => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }]
    expect(() => decodeJson({ inputs, ...rest })).toThrow(fault('bad_message'))
  })

  test.each(['-1', '1.5', '0x10', '', '1, 2'])('a header length of "%s"', (header) => {
    expect(() => readHeaderLength(header)).toThrow(fault('bad_header_length'))
  })
})

describe('responses', () => {
  const response: InferResponse = { modelName: 'm', modelVersion: '2', id: 'a', outputs: namedSamples }

  test('every datatype travels in binary', () => {
    const message = encodeResponse(response, () => true)
    const decoded = decodeResponse(headerLength(message), message.body)
    expect(decoded).toMatchObject({ modelName: 'm', modelVersion: '2', id: 'a' })
    expect(sameTensors(decoded.outputs, namedSamples)).toBe(true)
    expect(message.headers['content-type']).toBe('application/octet-stream')
  })

  test('every datatype travels in JSON', () => {
    const message = encodeResponse(response, () => false)
    expect(message.headers).toEqual({ 'content-type': 'application/json' })
    expect(sameTensors(decodeResponse(undefined, message.body).outputs, namedSamples)).toBe(true)
  })

  test('both forms may be mixed', () => {
    const message = encodeResponse(response, (name) => name < 't5')
    expect(sameTensors(decodeResponse(headerLength(message), message.body).outputs, namedSamples)).toBe(true)
  })

  test('what other servers leave out or add does no harm', () => {
    const body = Buffer.from('{"outputs":[],"parameters":{"content_type":"np","headers":{},"none":null}}')
    const expected = { modelName: '', outputs: [], parameters: { content_type: 'np' } }
    expect(decodeResponse(undefined, body)).toEqual(expected)
  })

  test('numbers that JSON cannot write are a fault unless they travel in binary', () => {
    const output: Tensor = {
      name: 'y',
      datatype: 'FP32',
      shape: [1],
      bytes: new Uint8Array([0, 0, 0xc0, 0x7f]),
    }
    expect(() => encodeResponse({ modelName: 'm', outputs: [output] }, () => false)).toThrow(
      /ask for binary output/,
    )
    const message = encodeResponse({ modelName: 'm', outputs: [output] }, () => true)
    expect(sameTensors(decodeResponse(headerLength(message), message.body).outputs, [output])).toBe(true)
  })
})
