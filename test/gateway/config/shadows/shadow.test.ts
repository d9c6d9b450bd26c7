import { describe, expect, test } from 'vitest'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const endpoint = (text: string): string =>
  `models: { a: { onnx: a.onnx }, b: { onnx: b.onnx } }\nendpoints: { e: { arms: { x: { model: a } }, ${text} } }`
const shadowsOf = (text: string) => soundConfig(endpoint(text)).endpoints[0]!.shadows

test('there are none unless they are named', () => {
  expect(shadowsOf('deadline: 1s')).toBeUndefined()
})

test('an arm and a model, with what goes without saying and with everything that can be said', () => {
  const text =
    'deadline: 2s, reward: { from: label, output: digit }, ' +
    'shadow: [{ arm: x }, { arm: b, share: 0.1, concurrency: 4, deadline: 5s, compare: p, tolerance: 0.01 }]'
  expect(shadowsOf(text)).toEqual([
    {
      name: 'x',
      model: undefined,
      share: 1,
      concurrency: 16,
      deadlineMs: 2000,
      compare: 'digit',
      tolerance: undefined,
    },
    { name: 'b', model: 'b', share: 0.1, concurrency: 4, deadlineMs: 5000, compare: 'p', tolerance: 0.01 },
  ])
})

describe('a fault is told with its place and how to mend it', () => {
  test.each([
    ['shadow: [{ arm: c }]', /shadow\.0\.arm: there is no arm and no model "c": did you mean/],
    ['shadow: [{ arm: b }, { arm: b }]', /shadow\.1\.arm: b is a shadow already: name it once/],
    ['shadow: [{ arm: b, share: 2 }]', /shadow\.0\.share: expected at most 1, found 2/],
    ['shadow: [{ model: b }]', /shadow\.0\.model: there is no setting "model"/],
  ])('%s', (text, message) => {
    expect(endpointFaults(endpoint(text))).toContainEqual(expect.stringMatching(message))
  })
})
