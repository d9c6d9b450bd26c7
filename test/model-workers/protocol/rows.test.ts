import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatenateRows, elementCount, rowCount, sliceRows } from '../../../model-workers/protocol/rows.ts'
import { datatypes, type Tensor } from '../../../model-workers/protocol/types.ts'
import { anyTensor, bytesTensor, sameTensor } from '../../fixtures/tensors.ts'

const tensor = (shape: readonly number[], name = 'x'): Tensor => ({
  name,
  datatype: 'UINT8',
  shape,
  bytes: new Uint8Array(elementCount(shape)).map((_, i) => i),
})

describe.each(datatypes)('%s', (datatype) => {
  test('what was joined comes apart into the same rows', () => {
    const parts = fc
      .array(fc.nat({ max: 3 }), { maxLength: 2 })
      .chain((rest) => fc.array(anyTensor(datatype, rest), { minLength: 1, maxLength: 5 }))
    fc.assert(
      fc.property(parts, (parts) => {
        const joined = concatenateRows(parts)
        let start = 0
        for (const part of parts) {
          if (!sameTensor(sliceRows(joined, start, rowCount(part)), part)) return false
          start += rowCount(part)
        }
        return rowCount(joined) === start
      }),
    )
  })
})

test('slices are views, not copies', () => {
  const numbers = tensor([3, 2])
  expect(sliceRows(numbers, 1, 1).bytes.buffer).toBe(numbers.bytes.buffer)
  const texts = bytesTensor(['a', 'bb', '', 'dddd'])
  expect(sliceRows(texts, 1, 1).bytes.buffer).toBe(texts.bytes.buffer)
  expect(sameTensor(sliceRows(texts, 1, 1), bytesTensor(['', 'dddd']))).toBe(true)
})

test('a scalar is one row', () => {
  expect(rowCount(tensor([]))).toBe(1)
  expect(elementCount([])).toBe(1)
})

test.each<[string, Tensor[]]>([
  ['nothing', []],
  ['other names', [tensor([1, 2]), tensor([1, 2], 'y')]],
  ['other datatypes', [tensor([1, 2]), { ...tensor([1, 2]), datatype: 'INT8' }]],
  ['other columns', [tensor([1, 2]), tensor([1, 3])]],
  ['other ranks', [tensor([1, 2]), tensor([2])]],
  ['scalars', [tensor([]), tensor([])]],
])('%s cannot be joined', (_, tensors) => {
  expect(() => concatenateRows(tensors)).toThrow(expect.objectContaining({ code: 'wrong_shape' }))
})

test.each([
  [0, 4],
  [3, 1],
  [-1, 1],
  [1, -1],
])('rows %i to +%i of three do not exist', (start, count) => {
  expect(() => sliceRows(tensor([3, 2]), start, count)).toThrow(
    expect.objectContaining({ code: 'wrong_shape' }),
  )
})

test('texts that end too early are no rows', () => {
  const texts = bytesTensor(['a', 'bb'])
  const cut = { ...texts, bytes: texts.bytes.subarray(0, -1) }
  expect(() => sliceRows(cut, 0, 1)).toThrow(expect.objectContaining({ code: 'wrong_shape' }))
})
