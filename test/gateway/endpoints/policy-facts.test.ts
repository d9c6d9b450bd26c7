import { expect, test } from 'vitest'
import { toPolicyFacts, toPriorFacts } from '../../../gateway/endpoints/policy-facts.ts'
import { soundConfig } from '../../fixtures/sound-config.ts'

/** What is shown of a policy that is written so, as a client reads it. */
function shown(policy: string, reward = '{}'): unknown {
  const arms = 'x: { model: a }, y: { model: a }'
  const text = `models: { a: { onnx: a } }\nendpoints: { e: { arms: { ${arms} }, policy: ${policy}, reward: ${reward} } }`
  const [endpoint] = soundConfig(text).endpoints
  return JSON.parse(JSON.stringify(toPolicyFacts(endpoint!.policy, endpoint!.reward.bounds)))
}

test('a policy is shown with what it was told and nothing else', () => {
  expect(shown('{}')).toEqual({ name: 'thompson', prior: { alpha: 1, beta: 1 } })
  const prior = { alpha: 1, beta: 1 }
  expect(shown('{ name: kl-ucb, c: 3, sliding_window: 1h }')).toEqual({
    name: 'kl-ucb',
    prior,
    c: 3,
    sliding_window_ms: 3_600_000,
  })
  expect(shown('{ name: moss, change_detection: { span: 1h } }')).toEqual({
    name: 'moss',
    prior,
    change_detection: { method: 'glr', span_ms: 3_600_000, risk: 0.01, scope: 'arm' },
  })
  expect(shown('{ name: fixed, weights: { x: 1, y: 3 }, stop: { confidence: 0.9 } }')).toEqual({
    name: 'fixed',
    prior,
    weights: { x: 1, y: 3 },
    stop: { confidence: 0.9, threshold: 'usual', act: false },
  })
})

test('a deviation is shown in the unit of the rewards, as it was written', () => {
  expect(shown('{ rewards: gaussian, deviation: 20 }', '{ bounds: [0, 200] }')).toMatchObject({
    deviation: 20,
  })
})

test('a prior is shown as counts or as what it is inherited from', () => {
  expect(toPriorFacts({ kind: 'fixed', prior: { alpha: 2, beta: 3 } })).toEqual({ alpha: 2, beta: 3 })
  expect(toPriorFacts({ kind: 'inherited', from: 'x', weight: 0.5, cap: 10 })).toEqual({
    inherit: 'x',
    weight: 0.5,
    cap: 10,
  })
})
