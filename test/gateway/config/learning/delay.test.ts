import { expect, test } from 'vitest'
import type { RewardConfig } from '../../../../gateway/config/endpoint-config.ts'
import { parseConfig } from '../../../../gateway/config/parse-config.ts'
import { soundConfig } from '../../../fixtures/sound-config.ts'

const written = (reward: string) =>
  `models: { a: { onnx: ./a.onnx } }\nendpoints: { e: { arms: { x: { model: a } }, reward: ${reward} } }\n`

const rewardOf = (reward: string): RewardConfig => soundConfig(written(reward)).endpoints[0]!.reward

function faults(reward: string): string[] {
  const result = parseConfig(written(reward), 'f')
  return 'faults' in result ? result.faults.map(({ path, message }) => `${path}: ${message}`) : []
}

test('a reward says when it is learned, whether it is corrected and for how long', () => {
  expect(rewardOf('{ delay: hold, corrections: on, retention: 3d, combine: sum }')).toMatchObject({
    delay: 'hold',
    corrections: true,
    retentionMs: 259_200_000,
    combine: 'sum',
  })
  expect(rewardOf('{ window: 1m }')).toMatchObject({
    delay: 'arrival',
    corrections: false,
    retentionMs: 900_000,
  })
  expect(rewardOf('{ window: 2h }')).toMatchObject({ retentionMs: 7_200_000 })
  expect(rewardOf('{ delay: corrected, default: 0, bounds: [0, 20] }')).toMatchObject({ delay: 'corrected' })
})

test.each([
  ['{ delay: later }', 'endpoints.e.reward.delay: '],
  ['{ corrections: maybe }', 'endpoints.e.reward.corrections: '],
  ['{ retention: 1s }', 'endpoints.e.reward.retention: '],
  [
    '{ delay: corrected, default: 0.5 }',
    'endpoints.e.reward.default: with delay: corrected what never reports',
  ],
  [
    '{ delay: corrected, bounds: [-1, 1] }',
    'endpoints.e.reward.bounds: with delay: corrected what never reports',
  ],
])('%s is a fault', (reward, fault) => {
  expect(faults(reward)).toEqual([expect.stringContaining(fault)])
})
