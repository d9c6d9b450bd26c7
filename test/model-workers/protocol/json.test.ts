import { describe, expect, test } from 'vitest'
import { parseExact } from '../../../model-workers/protocol/exact-integers.ts'
import { TensorFault } from '../../../model-workers/protocol/faults.ts'
import { tensorFromJson, tensorToJson } from '../../../model-workers/protocol/json.ts'
import type { Datatype, TensorSpec } from '../../../model-workers/protocol/types.ts'
import { toTypedArray } from '../../../model-workers/protocol/views.ts'
import { sameTensor, samples } from '../../fixtures/tensors.ts'

const spec = (datatype: Datatype, shape: readonly number[]): TensorSpec => ({ name: 'x', datatype, shape })

const faultOf = (spec: TensorSpec, value: unknown, shape?: readonly number[]): TensorFault => {
  try {
    tensorFromJson(spec, value, shape)
  } catch (error) {
    if (error instanceof TensorFault) return error
    throw error
  }
  throw new Error(`no fault for ${JSON.stringify(value)}`)
}

describe('shapes', () => {
  test.each<[string, number[], unknown, number[]]>([
    ['nested rows', [-1, 3], [[1, 2, 3], [4, 5, 6]], [2, 3]], // prettier-ignore
    ['flat whole rows', [-1, 3], [1, 2, 3, 4, 5, 6], [2, 3]],
    ['one flat row', [-1, 64], Array.from({ length: 64 }, (_, i) => i), [1, 64]],
    ['a flat list for a fixed shape', [2, 2], [1, 2, 3, 4], [2, 2]],
    ['a list for a vector', [-1], [1, 2], [2]],
    ['a scalar for a scalar', [], 5, []],
    ['a list of one for a scalar', [], [5], []],
    ['a scalar for one row of one', [-1, 1], 5, [1, 1]],
    ['no rows', [-1, 3], [], [0, 3]],
    ['rows without columns', [-1, -1], [[], []], [2, 0]],
    ['two free dimensions, nested', [-1, -1], [[1, 2]], [1, 2]],
  ])('%s', (_, shape, value, expected) => {
    expect(tensorFromJson(spec('FP32', shape), value).shape).toEqual(expected)
  })

  test('a declared shape settles what the spec leaves free', () => {
    expect(tensorFromJson(spec('FP32', [-1, -1]), [1, 2, 3, 4, 5, 6], [2, 3]).shape).toEqual([2, 3])
  })

  test.each<[string, number[], unknown, string]>([
    ['too short a row', [-1, 3], [[1, 2]], ''],
    ['a broken number of rows', [-1, 3], [1, 2, 3, 4], ''],
    ['ragged rows', [-1, 2], [[1, 2], [3]], '/1'], // prettier-ignore
    ['an element beside rows', [-1, 2], [[1, 2], 3], '/1'],
    ['a list beside elements', [-1, 2], [[1, [2]]], '/0/1'],
    ['ragged deeper down', [-1, 1, 2], [[[1, 2]], [[1]]], '/1/0'],
    ['too many dimensions', [-1], [[[[[[[[[1]]]]]]]]], ''],
    ['a flat list with two free dimensions', [-1, -1], [1, 2], ''],
    ['a fixed batch', [4, 2], [[1, 2]], ''],
    ['lists for a scalar', [], [[1]], ''],
    ['two for a scalar', [], [1, 2], ''],
    ['rows of nothing', [-1, 0], [1], ''],
  ])('%s is refused', (_, shape, value, pointer) => {
    expect(faultOf(spec('FP32', shape), value)).toMatchObject({ code: 'wrong_shape', pointer })
  })

  test.each<[string, number[]]>([
    ['another rank', [6]],
    ['against the spec', [3, 2]],
    ['of another size', [1, 3]],
    ['negative', [-2, 3]],
    ['free', [-1, 3]],
    ['broken', [1.5, 3]],
  ])('a declared shape that is %s is refused', (_, shape) => {
    expect(faultOf(spec('FP32', [-1, 3]), [1, 2, 3, 4, 5, 6], shape)).toMatchObject({ code: 'wrong_shape' })
  })

  test('a nest whose first rows pretend a huge product is refused before room is taken', () => {
    const wide = Array.from({ length: 50_000 }, () => 0)
    const value = [wide, ...Array.from({ length: 49_999 }, () => [0])]
    expect(faultOf(spec('FP32', [-1, -1]), value)).toMatchObject({ code: 'wrong_shape', pointer: '/1' })
  })

  test('more than 2 GiB is refused', () => {
    const row = Array.from({ length: 20_000 }, () => 0)
    const value = Array.from({ length: 20_000 }, () => row)
    expect(faultOf(spec('FP64', [-1, -1]), value).message).toContain('2 GiB')
  })
})

describe('elements', () => {
  test.each<[Datatype, unknown]>([
    ['FP32', 'a'],
    ['FP32', null],
    ['FP32', true],
    ['FP32', { a: 1 }],
    ['FP64', '1'],
    ['FP16', '1'],
    ['INT32', '1'],
    ['INT8', true],
    ['INT64', 'x'],
    ['INT64', '1.0'],
    ['INT64', '1'.repeat(21)],
    ['UINT64', null],
    ['BOOL', 'true'],
    ['BYTES', 1],
    ['BYTES', null],
  ])('%s does not take %j', (datatype, element) => {
    expect(faultOf(spec(datatype, [-1]), [element])).toMatchObject({ code: 'wrong_type', pointer: '/0' })
  })

  test.each<[Datatype, unknown]>([
    ['FP32', JSON.parse('1e400')],
    ['FP32', -Infinity],
    ['FP32', NaN],
    ['FP32', 1e39],
    ['FP32', 3.4028235677973366e38],
    ['FP16', 65520],
    ['FP64', JSON.parse('-1e400')],
    ['UINT8', 256],
    ['UINT8', -1],
    ['UINT8', 1.5],
    ['UINT16', 65536],
    ['UINT32', 2 ** 32],
    ['INT8', 128],
    ['INT16', -32769],
    ['INT32', 2 ** 31],
    ['INT64', 1.5],
    ['INT64', '9223372036854775808'],
    ['UINT64', -1],
    ['UINT64', '18446744073709551616'],
    ['BOOL', 2],
    ['BYTES', '\ud800'],
  ])('%s cannot hold %j', (datatype, element) => {
    const fault = faultOf(spec(datatype, [-1]), [element])
    expect(fault).toMatchObject({ code: 'out_of_range', pointer: '/0' })
    expect(fault.message).toMatch(/^"x" at \/0: found .+, .+/)
  })

  test('a pointer leads to the element in nested and in flat lists', () => {
    const rows = [
      [0, 0],
      [0, 0],
      [0, 'a'],
    ]
    expect(faultOf(spec('FP32', [-1, 2]), rows).pointer).toBe('/2/1')
    expect(faultOf(spec('FP32', [-1, 2]), rows.flat()).pointer).toBe('/5')
    expect(faultOf(spec('FP32', []), 'a').pointer).toBe('')
  })

  test('the largest number that still rounds down is taken', () => {
    const { bytes } = tensorFromJson(spec('FP32', [-1]), [3.4028235e38, -0])
    expect([...new Float32Array(bytes.buffer)]).toEqual([3.4028234663852886e38, -0])
  })

  test('64-bit integers too large for a JSON number are to be sent as text', () => {
    expect(faultOf(spec('INT64', [-1]), [2 ** 53]).message).toContain('send it as a string of digits')
    expect(faultOf(spec('INT64', [-1]), [2 ** 63]).code).toBe('out_of_range')
    const tensor = tensorFromJson(spec('INT64', [-1]), ['9007199254740993', '-5', 7])
    expect([...new BigInt64Array(tensor.bytes.buffer as ArrayBuffer)]).toEqual([9007199254740993n, -5n, 7n])
  })
})

describe('round trips', () => {
  test.each(samples)('$tensor.datatype', ({ tensor, json }) => {
    expect(JSON.stringify(tensorToJson(tensor))).toBe(json)
    const value =
      tensor.datatype.endsWith('64') && tensor.datatype !== 'FP64' ? parseExact(json) : JSON.parse(json)
    expect(sameTensor(tensorFromJson(spec(tensor.datatype, [-1, 2]), value), tensor)).toBe(true)
  })

  test('scalars and empty tensors keep their shape', () => {
    expect(tensorToJson(tensorFromJson(spec('INT64', []), 5))).toBe(5)
    expect(tensorToJson(tensorFromJson(spec('FP32', [2, 0, 3]), []))).toEqual([[], []])
  })

  test.each<[Datatype, number[]]>([
    ['FP32', [0, 0, 0xc0, 0x7f]],
    ['FP32', [0, 0, 0x80, 0xff]],
    ['FP64', [0, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['FP16', [0x00, 0x7c]],
  ])('%s that is not finite has no JSON', (datatype, bytes) => {
    const tensor = { ...spec(datatype, [1, 1]), bytes: new Uint8Array(bytes) }
    expect(() => tensorToJson(tensor)).toThrow(
      expect.objectContaining({ code: 'out_of_range', pointer: '/0/0' }),
    )
  })

  test('bytes that are no text have no JSON', () => {
    const tensor = { ...spec('BYTES', [1]), bytes: new Uint8Array([3, 0, 0, 0, 0xff, 0x00, 0x63]) }
    expect(() => tensorToJson(tensor)).toThrow(expect.objectContaining({ code: 'wrong_type' }))
  })

  test('bytes that lie at an odd address are read all the same', () => {
    const body = new Uint8Array([9, ...new Uint8Array(new Float32Array([1.5, -2]).buffer)])
    const tensor = { name: 'x', datatype: 'FP32', shape: [2], bytes: body.subarray(1) } as const
    expect([...toTypedArray(tensor)]).toEqual([1.5, -2])
  })
})
