import { expect, test } from 'vitest'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'
import { soundConfig } from '../../../fixtures/sound-config.ts'

const written = (model: string) =>
  `models: { a: ${model} }\nendpoints: { e: { arms: { x: { model: a } } } }\n`

test.each([
  ['{ onnx: a.onnx }', { factor: 1.5 }],
  ['{ onnx: a.onnx, memory: 2.25x }', { factor: 2.25 }],
  ['{ onnx: a.onnx, memory: 800MiB }', { bytes: 800 * 2 ** 20 }],
  ['{ onnx: a.onnx, memory: off }', undefined],
])('%s may hold %j', (model, limit) => {
  expect(soundConfig(written(model)).models[0]!.memory).toEqual(limit)
})

test.each([
  [
    '{ onnx: a.onnx, memory: 1x }',
    'expected a multiple such as 1.5x, up to 99x, a size such as 800MiB, or off',
  ],
  ['{ onnx: a.onnx, memory: 1MiB }', 'expected a multiple such as 1.5x'],
  ['{ onnx: a.onnx, memory: 2 }', 'expected a multiple such as 1.5x'],
  ['{ url: http://localhost:1, memory: 2x }', 'only a model with an onnx file has this: take it out'],
])('%s is refused', (model, words) => {
  const result = parseConfig(written(model), 'f')
  const faults = 'faults' in result ? result.faults.map(({ path, message }) => `${path}: ${message}`) : []
  expect(faults).toEqual([`models.a.memory: ${words}`].map((fault) => expect.stringContaining(fault)))
})
