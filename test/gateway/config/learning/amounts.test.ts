import { expect, test } from 'vitest'
import { endpointFaults } from '../../../fixtures/sound-config.ts'

const faultsOf = (settings: string) =>
  endpointFaults(`endpoints: { e: { arms: { a: { value: 1 }, b: { value: 2 } }, ${settings} } }`)

/** Each of these was taken, and ended the start, every decision, or what was learned in NaN. */
test.each([
  [
    'reward: { bounds: [-1.0e308, 1.0e308] }',
    'reward.bounds.0: expected at least -1000000000000, found -1e+308',
  ],
  ['reward: { bounds: [0, 1.0e-320] }', 'reward.bounds: they are too close to tell rewards apart'],
  [
    'reward: { penalty: { latency_s: 1, most: 1.0e308 } }',
    'reward.penalty.most: expected at most 1000000000000',
  ],
  ['policy: { prior: { mean: 0.5, mass: 1.0e308 } }', 'policy.prior.mass: expected at most 1000000000'],
  ['policy: { prior: { alpha: 1.0e-300, beta: 1 } }', 'policy.prior.alpha: expected at least 0.000001'],
  [
    'policy: { prior: { mean: 1.0e-300, mass: 1 } }',
    'policy.prior.mean: 1e-300 is as good as an end of 0 to 1',
  ],
  [
    'policy: { name: fixed, weights: { a: 1.0e308, b: 1.0e308 } }',
    'policy.weights.a: expected at most 1000000000000',
  ],
  ['policy: { rewards: gaussian, deviation: 1.0e308 }', 'policy.deviation: expected at most 1000000000000'],
  [
    'policy: { rewards: gaussian, deviation: 0.001 }, reward: { bounds: [0, 1.0e12] }',
    'policy.deviation: expected at least 1000',
  ],
  [
    'policy: { name: lin-ucb }, context: { features: { x: { type: number, range: [-1.0e308, 1.0e308] } } }',
    'context.features.x.range.0: expected at least -1000000000000',
  ],
])('%s is a fault with its place', (settings, fault) => {
  expect(faultsOf(settings)[0]).toContain(fault)
})

test('what is large and can be reckoned with is taken', () => {
  expect(
    faultsOf('reward: { bounds: [-1.0e12, 1.0e12] }, policy: { prior: { mean: 5.0e11, mass: 1.0e9 } }'),
  ).toEqual([])
  expect(faultsOf('policy: { prior: { mean: 0.001, mass: 0.001 } }')).toEqual([])
})
