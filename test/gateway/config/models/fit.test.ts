import { expect, test } from 'vitest'
import { formatFault, parseConfig } from '../../../../gateway/config/parse-config.ts'

const parse = (fit: string, where = 'onnx: m.onnx') =>
  parseConfig(
    `models: { m: { ${where}, fit: ${fit} } }\nendpoints: { e: { arms: { a: { model: m } } } }`,
    '/srv/bandit.yaml',
  )

function faultsOf(fit: string): string[] {
  const result = parse(fit)
  return 'faults' in result ? result.faults.map(formatFault) : []
}

const fitted = {
  fit: {
    inputs: [{ name: 'X', as: 'image', shape: [-1, 64] }],
    outputs: [
      { kind: 'argmax', name: 'label', from: 'logits', classes: ['a', 'b'] },
      { kind: 'softmax', name: 'probabilities', from: 'logits' },
      { kind: 'same', name: 'score', from: 'variable' },
    ],
  },
}

test.each([
  ['a file', 'onnx: m.onnx', 'models'],
  ['a server', 'url: "http://triton:8000"', 'remotes'],
] as const)('tensors of %s under other names and in another form', (_, where, kind) => {
  const result = parse(
    `{ inputs: { X: { as: image, shape: [-1, 64] } }, outputs: { label: { argmax: logits, classes: [a, b] },
       probabilities: { softmax: logits }, score: { as: variable } } }`,
    where,
  )
  expect('config' in result && result.config[kind][0]).toMatchObject(fitted)
})

test.each([
  ['{ outputs: { label: {} } }', /m\.fit\.outputs\.label: .*give one of as, argmax and softmax/],
  ['{ outputs: { label: { as: a, argmax: b } } }', /m\.fit\.outputs\.label: .*give one of/],
  ['{ outputs: { label: { as: a, classes: [1] } } }', /label\.classes: only argmax has classes/],
  [
    '{ outputs: { label: { argmax: a, classes: [1, b] } } }',
    /classes: expected a list of texts, or of whole/,
  ],
  ['{ inputs: { a: { as: x }, x: {} } }', /m\.fit\.inputs\.x: "x" is a already/],
  ['{ outputs: { a: { as: y }, b: { as: y } } }', /m\.fit\.outputs\.b: "y" is a already/],
  ['{ inputs: { a: { datatype: INT64 } } }', /m\.fit\.inputs\.a\.datatype: /],
])('%s is refused', (fit, words) => {
  expect(faultsOf(fit)).toEqual([expect.stringMatching(words)])
})
