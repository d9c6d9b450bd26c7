import { expect, test } from 'vitest'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

test('arms may be values of any kind, and a configuration without models is whole', () => {
  const arms = 'a: { value: text }, b: { value: 0.5 }, c: { value: false }, d: { value: { list: [1, null] } }'
  const { models, endpoints } = soundConfig(`endpoints: { e: { arms: { ${arms} } } }`)
  expect(models).toEqual([])
  expect(endpoints[0]!.arms.map((arm) => arm.kind === 'value' && arm.value)).toEqual([
    'text',
    0.5,
    false,
    { list: [1, null] },
  ])
})

test.each([
  [
    'beside a model',
    'x: { value: 1, model: m }',
    '',
    ['arms.x: an arm has either a model, an ensemble or a value'],
  ],
  ['beside arms that infer', 'x: { value: 1 }, y: { model: m }', '', ['arms.y: y infers and x is a value']],
  [
    'with true labels',
    'x: { value: 1 }',
    ', reward: { from: label }',
    ['reward.from: values predict nothing'],
  ],
  ['watched for drift', 'x: { value: 1 }', ', drift: { inputs: [a] }', ['drift: values have no inputs']],
  [
    'given steps',
    'x: { value: 1 }',
    ', preprocess: { tensors: { x: [{ columns: [a] }] } }',
    ['preprocess: values have no inputs'],
  ],
])('a value %s is a fault', (_what, arms, more, faults) => {
  const found = endpointFaults(
    `models: { m: { onnx: m.onnx } }\nendpoints: { e: { arms: { ${arms} }${more} } }`,
  )
  expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)))
})
