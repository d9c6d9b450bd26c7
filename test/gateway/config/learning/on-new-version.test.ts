import { expect, test } from 'vitest'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'
import { soundConfig } from '../../../fixtures/sound-config.ts'

const written = (arm: string) =>
  `models: { a: { onnx: ./a.onnx }, b: { onnx: ./b.onnx } }\nendpoints: { e: { arms: { x: ${arm} } } }\n`

function faults(arm: string): string[] {
  const result = parseConfig(written(arm), 'f')
  return 'faults' in result ? result.faults.map(({ path, message }) => `${path}: ${message}`) : []
}

test('an arm says what a new version of its model starts from', () => {
  const ruleOf = (arm: string) => soundConfig(written(arm)).endpoints[0]!.arms[0]
  expect(ruleOf('{ model: a, on_new_version: fresh }')).toMatchObject({ onNewVersion: { inherit: 0 } })
  expect(ruleOf('{ model: a, on_new_version: { inherit: 0.3 } }')).toMatchObject({
    onNewVersion: { inherit: 0.3 },
  })
  expect(ruleOf('{ model: a }')).not.toHaveProperty('onNewVersion')
})

test.each([
  ['{ model: a, on_new_version: old }', 'expected fresh, or { inherit: 0.2 }'],
  ['{ model: a, on_new_version: { inherit: 2 } }', 'endpoints.e.arms.x.on_new_version'],
  ['{ ensemble: [a, b], combine: mean, on_new_version: fresh }', 'only an arm of one model has this'],
  ['{ value: blue, on_new_version: fresh }', 'only an arm of one model has this'],
])('%s is refused', (arm, words) => {
  expect(faults(arm)).toEqual([expect.stringContaining(words)])
})
