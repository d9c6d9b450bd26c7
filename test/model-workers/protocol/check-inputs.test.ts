import { expect, test } from 'vitest'
import { checkInputs } from '../../../model-workers/protocol/check-inputs.ts'
import type { Datatype, Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'

const specs: readonly TensorSpec[] = [
  { name: 'x', datatype: 'FP32', shape: [-1, 2] },
  { name: 'rate', datatype: 'INT64', shape: [] },
]
const tensor = (name: string, datatype: Datatype, shape: readonly number[]): Tensor => ({
  name,
  datatype,
  shape,
  bytes: new Uint8Array(),
})
const x = tensor('x', 'FP32', [3, 2])
const rate = tensor('rate', 'INT64', [])

test('the inputs may come in any order', () => {
  checkInputs(specs, [x, rate])
  checkInputs(specs, [rate, x])
})

test('a model that declares no shape takes every shape', () => {
  checkInputs(specs, [x, tensor('rate', 'INT64', [4])])
})

test.each<[string, Tensor[], string, RegExp]>([
  ['an unknown input', [x, rate, tensor('z', 'FP32', [1])], 'wrong_shape', /"z", expected "x", "rate"/],
  ['a missing input', [x], 'wrong_shape', /missing input "rate"/],
  ['another datatype', [tensor('x', 'FP64', [1, 2]), rate], 'wrong_type', /found FP64, expected FP32/],
  ['another width', [tensor('x', 'FP32', [1, 3]), rate], 'wrong_shape', /\[1, 3\], expected \[-1, 2\]/],
  ['another rank', [tensor('x', 'FP32', [2]), rate], 'wrong_shape', /\[2\], expected \[-1, 2\]/],
])('%s is refused', (_, inputs, code, message) => {
  expect(() => checkInputs(specs, inputs)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  )
})
