import { describe, expect, test } from 'vitest'
import { outsideOf, type Stage } from '../../../../gateway/pipeline/models/chain.ts'
import type { Datatype, TensorSpec } from '../../../../model-workers/protocol/types.ts'

const spec = (name: string, width: number, datatype: Datatype = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape: [-1, width],
})
const stage = (model: string, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): Stage => ({
  model,
  inputs,
  outputs,
})
const names = (specs: ReturnType<typeof outsideOf>) =>
  typeof specs === 'string' ? specs : specs.map(({ name, shape }) => [name, shape[1]])

describe('what has to come from outside', () => {
  test('is what nobody before makes, in the order in which it is needed', () => {
    const encode = stage('encode', [spec('text', 1, 'BYTES')], [spec('words', 8)])
    const scale = stage('scale', [spec('words', 8), spec('age', 1)], [spec('features', 4)])
    const outside = outsideOf([encode, scale], [spec('features', 4), spec('price', 1)])
    expect(names(outside)).toEqual([
      ['text', 1],
      ['age', 1],
      ['price', 1],
    ])
  })

  test('has the name of what is made of it, where a model puts another in its place', () => {
    const shrink = stage('shrink', [spec('pixels', 64)], [spec('pixels', 16)])
    expect(names(outsideOf([shrink], [spec('pixels', 16)]))).toEqual([['pixels', 64]])
  })

  test('free dimensions fit all', () => {
    expect(names(outsideOf([stage('m', [spec('x', 2)], [spec('y', -1)])], [spec('y', 3)]))).toEqual([
      ['x', 2],
    ])
  })
})

test.each([
  [
    [stage('m', [spec('x', 2)], [spec('y', 3)])],
    [spec('y', 4)],
    '"y" is FP32 [-1, 3] by then, and an arm would have FP32 [-1, 4]',
  ],
  [[stage('m', [spec('x', 2)], [spec('y', 3)])], [spec('y', 3, 'FP64')], 'an arm would have FP64'],
  [[stage('m', [spec('x', 2)], [spec('z', 3)])], [spec('y', 3)], 'nobody takes what m makes (z)'],
])('models that do not fit together are told apart', (stages, last, words) => {
  expect(outsideOf(stages, last)).toContain(words)
})
