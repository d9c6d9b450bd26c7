import { describe, expect, test } from 'vitest'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const endpoint = (text: string): string =>
  `models: { a: { onnx: a.onnx } }\nendpoints: { e: { arms: { x: { model: a } }, ${text} } }`
const driftOf = (text: string) => soundConfig(endpoint(text), '/etc/bandit/bandit.yaml').endpoints[0]!.drift

test('nothing is watched unless it is asked for', () => {
  expect(driftOf('deadline: 1s')).toBeUndefined()
})

test('the label is watched where there is one, against the first thousand', () => {
  expect(driftOf('reward: { from: label, output: digit }, drift: {}')).toEqual({
    signals: [{ name: 'digit', side: 'output', tensor: 'digit', column: undefined }],
    first: 1000,
    file: undefined,
    windowMs: 3_600_000,
    threshold: 0.2,
    sample: 1,
  })
})

test('everything that can be said', () => {
  const text =
    'drift: { inputs: [pixels, "pixels[3]"], outputs: [score], reference: ref.json, window: 10m, threshold: 0.1, sample: 0.5 }'
  expect(driftOf(text)).toEqual({
    signals: [
      { name: 'pixels', side: 'input', tensor: 'pixels', column: undefined },
      { name: 'pixels[3]', side: 'input', tensor: 'pixels', column: 3 },
      { name: 'score', side: 'output', tensor: 'score', column: undefined },
    ],
    first: 1000,
    file: '/etc/bandit/ref.json',
    windowMs: 600_000,
    threshold: 0.1,
    sample: 0.5,
  })
})

describe('a fault is told with its place and how to mend it', () => {
  test.each([
    ['drift: {}', 'drift: there is nothing to watch: name some'],
    ['drift: { inputs: [] }', 'drift: there is nothing to watch'],
    ['reward: { from: label }, drift: { outputs: [] }', 'drift: there is nothing to watch'],
    ['drift: { inputs: ["pixels[x]"] }', 'drift.inputs.0: expected the name of a tensor'],
    ['drift: { inputs: [a, a] }', 'drift.inputs: each signal is named once'],
    ['drift: { inputs: [a], reference: 50 }', 'drift.reference: expected at least 100, found 50'],
    ['drift: { inputs: [a], reference: true }', 'drift.reference: expected how many of the first'],
    ['drift: { inputs: [a], sample: 0 }', 'drift.sample: expected more than 0'],
    ['drift: { inputs: [a], window: 5s }', 'drift.window: expected a duration from 1m'],
    ['drift: { inputs: [a], treshold: 1 }', 'drift.treshold: '],
  ])('%s', (text, fault) => {
    expect(endpointFaults(endpoint(text))).toEqual([expect.stringContaining(fault)])
  })
})
