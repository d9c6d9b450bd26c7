import { expect, test } from 'vitest'
import { parseSignal, valueInOutput, valueInTensor } from '../../../../gateway/monitoring/drift/signal.ts'
import { tensorFromJson } from '../../../../model-workers/protocol/json.ts'
import type { Datatype } from '../../../../model-workers/protocol/types.ts'

const signal = (text: string) => parseSignal(text, 'input')!
const tensor = (datatype: Datatype, shape: number[], data: unknown) =>
  tensorFromJson({ name: 'x', datatype, shape }, data)

test('a signal is a name, or a name and a column', () => {
  expect(parseSignal('pixels[12]', 'input')).toEqual({
    name: 'pixels[12]',
    side: 'input',
    tensor: 'pixels',
    column: 12,
  })
  expect(parseSignal('label', 'output')).toMatchObject({ tensor: 'label', column: undefined })
  for (const text of ['', '[1]', 'a[', 'a[x]', 'a[1][2]', 'a[-1]']) {
    expect(parseSignal(text, 'input'), text).toBeUndefined()
  }
})

test.each<[Datatype, number[], unknown, string, number, unknown]>([
  ['FP32', [2, 3], [1, 2, 3, 4, 5, 6], 'x[1]', 0, 2],
  ['FP32', [2, 3], [1, 2, 3, 4, 5, 6], 'x[1]', 0.5, 5],
  ['FP32', [2, 3], [1, 2, 3, 4, 5, 6], 'x', 0.99, 5],
  ['FP64', [2, 1, 2], [1, 2, 3, 4], 'x[1]', 0.5, 4],
  ['FP16', [2], [0.5, 1.5], 'x', 0.5, 1.5],
  ['INT64', [3], [1, 2, 3], 'x', 0.5, 2],
  ['BOOL', [2], [true, false], 'x', 0, 'true'],
  ['BYTES', [2], ['de', 'fr'], 'x', 0.5, 'fr'],
  ['FP32', [2], [1, 2], 'x[1]', 0, undefined],
  ['FP32', [0, 3], [], 'x', 0, undefined],
])('%s %j of %j: %s at %d is %j', (datatype, shape, data, text, uniform, value) => {
  expect(valueInTensor(tensor(datatype, shape, data), signal(text), uniform)).toBe(value)
})

test.each<[unknown, string, number, unknown]>([
  [[7, 8], 'x', 0.5, 8],
  [[[0.25, 0.75]], 'x[1]', 0, 0.75],
  [[[0.25, 0.75]], 'x', 0, 0.5],
  [[[[1], [2]]], 'x[1]', 0, 2],
  [['cat'], 'x', 0, 'cat'],
  [[true], 'x', 0, 'true'],
  [[['a', 'b']], 'x', 0, undefined],
  [[], 'x', 0, undefined],
  [undefined, 'x', 0, undefined],
  [[1], 'x[4]', 0, undefined],
])('%j: %s at %d is %j', (output, text, uniform, value) => {
  expect(valueInOutput(output, signal(text), uniform)).toBe(value)
})
