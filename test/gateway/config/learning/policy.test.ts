import { describe, expect, test } from 'vitest'
import { contextualPolicyNames, createPolicy, policyNames } from '../../../../bandit/index.ts'
import type { EndpointConfig } from '../../../../gateway/config/endpoint-config.ts'
import { forgettingOf } from '../../../../gateway/config/learning/to-policy.ts'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const head = 'models: { a: { onnx: ./a.onnx } }\n'
const twoArms = 'x: { model: a }, y: { model: a }'
const written = (rest: string, arms = twoArms) => `${head}endpoints: { e: { arms: { ${arms} }, ${rest} } }\n`

const endpoint = (rest: string, arms?: string): EndpointConfig =>
  soundConfig(written(rest, arms)).endpoints[0]!
const faults = (rest: string, arms?: string): string[] => endpointFaults(written(rest, arms))

describe('every policy can be named and is made with its settings', () => {
  test.each(policyNames)('%s', (name) => {
    const weights = name === 'fixed' ? ', weights: { x: 3, y: 1 }' : ''
    const contextual = contextualPolicyNames.some((each) => each === name)
    const context = contextual ? ', context: { features: { urgent: { type: boolean } } }' : ''
    const { policy } = endpoint(`policy: { name: ${name}${weights} }${context}`)
    expect(createPolicy(policy).name).toBe(name)
  })

  test.each([
    ['kl-ucb', 'c: 3', { c: 3 }],
    ['moss', 'horizon: 1e5', { horizon: 100_000 }],
    ['epsilon-greedy', 'epsilon: 0.05, decay_after: 1000', { epsilon: 0.05, decayAfter: 1000 }],
    ['exp3', 'gamma: 0.2', { gamma: 0.2 }],
    ['fixed', 'weights: { x: 3, y: 0 }', { weights: { x: 3, y: 0 } }],
    ['top-two-thompson', 'leader: 0.6, rewards: bernoulli', { leader: 0.6, rewards: 'bernoulli' }],
    ['thompson', 'rewards: gaussian, deviation: 0.1', { rewards: 'gaussian', deviation: 0.1 }],
    ['thompson', 'stop: {}', { stop: { confidence: 0.95, threshold: 'usual', act: false } }],
  ])('%s with %s', (name, settings, kept) => {
    expect(endpoint(`policy: { name: ${name}, ${settings} }`).policy).toMatchObject(kept)
  })

  test('and has no setting of another policy', () => {
    expect(faults('policy: { name: moss, c: 3, gamma: 0.1 }')).toEqual([
      'policy.c: only kl-ucb has this: take it out',
      'policy.gamma: only exp3 has this: take it out',
    ])
    expect(faults('policy: { name: ucb1, rewards: gaussian }')).toEqual([
      'policy.rewards: only thompson and top-two-thompson have this: take it out',
    ])
  })
})

describe('shares that move by steps', () => {
  test('have so much in so long, beside floors', () => {
    const { policy, arms } = endpoint('policy: { max_step: { share: 0.1, per: 10s }, min_share: 0.2 }')
    expect(policy.maxStep).toEqual({ share: 0.1, perMs: 10_000 })
    expect(arms.map(({ minShare }) => minShare)).toEqual([0.2, 0.2])
    expect(endpoint('policy: {}').policy.maxStep).toBeUndefined()
  })

  const mend = 'take max_step out, or name thompson, top-two-thompson, epsilon-greedy, exp3'
  test.each([
    ['thompson', '{ share: 0, per: 1s }', ['policy.max_step.share: expected more than 0, found 0']],
    ['thompson', '{ share: 1.5, per: 1s }', ['policy.max_step.share: expected at most 1, found 1.5']],
    ['thompson', '0.1', ['policy.max_step: expected keys and values, found 0.1']],
    [
      'ucb1',
      '{ share: 0.1, per: 1s }',
      [
        `policy.max_step: ucb1 gives all to one arm, decision by decision, and has no shares between: ${mend}`,
      ],
    ],
    [
      'uniform',
      '{ share: 0.1, per: 1s }',
      [
        `policy.max_step: shares of uniform do not move with rewards, and what is said by hand counts at once: ${mend}`,
      ],
    ],
  ])('%s, %s', (name, maxStep, expected) => {
    expect(faults(`policy: { name: ${name}, max_step: ${maxStep} }`)).toEqual(expected)
  })

  test('are none by context', () => {
    const context = 'context: { features: { urgent: { type: boolean } } }'
    expect(faults(`policy: { name: lin-ucb, max_step: { share: 0.1, per: 1s } }, ${context}`)).toEqual([
      `policy.max_step: lin-ucb has other shares for each context, which no step can be counted from: ${mend}`,
    ])
  })
})

describe('forgetting', () => {
  test.each([
    ['', { kind: 'none' }],
    ['half_life: 6h', { kind: 'half-life', halfLifeMs: 21_600_000 }],
    ['sliding_window: 1h', { kind: 'sliding-window', spanMs: 3_600_000 }],
    [
      'change_detection: { method: glr, span: 7d, scope: all }',
      { kind: 'change-detection', spanMs: 604_800_000, risk: 0.01, scope: 'all' },
    ],
  ])('%s', (settings, forgetting) => {
    expect(forgettingOf(endpoint(`policy: { ${settings} }`).policy)).toEqual(forgetting)
  })

  test('happens in one way', () => {
    expect(faults('policy: { half_life: 1h, sliding_window: 1h, change_detection: { span: 1h } }')).toEqual([
      'policy.sliding_window: there is half_life already: forget in one way',
      'policy.change_detection: there is half_life already: forget in one way',
    ])
  })

  test('does not go with calling the best arm', () => {
    expect(faults('policy: { half_life: 1h, stop: {} }')).toEqual([
      expect.stringMatching(/^policy\.stop: the best arm can only be called while all rewards count alike/),
    ])
  })
})

describe('rewards in bounds of their own', () => {
  test('are what default, priors and deviation are written in', () => {
    const { policy, reward, arms } = endpoint(
      'policy: { rewards: gaussian, deviation: 20, prior: { mean: 10, mass: 4 } }, reward: { bounds: [-10, 90], default: 0 }',
      'x: { model: a, prior: { mean: 65, mass: 8 } }, y: { model: a }',
    )
    expect(reward).toMatchObject({ bounds: { low: -10, high: 90 }, default: 0 })
    expect(policy).toMatchObject({ deviation: 0.2, prior: { alpha: 0.8, beta: 3.2 } })
    expect(arms.map(({ prior }) => prior)).toEqual([
      { kind: 'fixed', prior: { alpha: 6, beta: 2 } },
      undefined,
    ])
  })

  test.each([
    [
      'reward: { bounds: [1, 0] }',
      'reward.bounds: expected the least reward first, and a greater one after it',
    ],
    ['reward: { bounds: 5 }', 'reward.bounds: expected the least and the greatest reward, such as [0, 1]'],
    ['reward: { bounds: [0, 5], default: 6 }', 'reward.default: expected at most 5, found 6'],
    ['reward: { bounds: [2, 5], default: 0 }', 'reward.default: expected at least 2, found 0'],
    [
      'reward: { from: label, bounds: [0, 5] }',
      'reward.bounds: a label scores from 0 to 1: take bounds out, or use from: reward',
    ],
    [
      'policy: { prior: { mean: 5, mass: 2 } }, reward: { bounds: [0, 5] }',
      'policy.prior.mean: expected a mean between 0 and 5, and neither of them',
    ],
    [
      'policy: { name: exp3 }, reward: { bounds: [-1, 1], default: 0 }',
      'reward.default: exp3 can only take the least reward or none as default: use -1 or none',
    ],
  ])('%s', (rest, fault) => {
    expect(faults(rest)).toEqual([fault])
  })
})

describe('an arm', () => {
  test('starts from what another has learned', () => {
    const { arms } = endpoint(
      'policy: {}',
      'x: { model: a }, y: { model: a, prior: { inherit: x, weight: 0.3 } }',
    )
    expect(arms[1]!.prior).toEqual({ kind: 'inherited', from: 'x', weight: 0.3, cap: 100 })
  })

  test('has a greatest share, its own or that of all', () => {
    const { arms } = endpoint(
      'policy: { max_share: 0.7 }',
      'x: { model: a, max_share: 0.9 }, y: { model: a }',
    )
    expect(arms.map(({ maxShare }) => maxShare)).toEqual([0.9, 0.7])
  })

  const withPrior = (prior: string) => `x: { model: a, prior: { ${prior} } }, y: { model: a }`
  test.each([
    [withPrior('inherit: nobody'), 'arms.x.prior.inherit: there is no arm nobody: there are x, y'],
    [withPrior('inherit: x'), 'arms.x.prior.inherit: an arm cannot inherit from itself'],
    [
      withPrior('alpha: 1, inherit: y'),
      'arms.x.prior: give alpha and beta, mean and mass, or inherit: one of the three',
    ],
    [
      withPrior('mean: 0.5'),
      'arms.x.prior: a mean needs its mass, the rewards that it is worth, and a mass its mean',
    ],
    [withPrior('alpha: 1, cap: 5'), 'arms.x.prior.cap: only what is inherited has this: add inherit'],
    [
      'x: { model: a, max_share: 0.3 }, y: { model: a, max_share: 0.3 }',
      'arms: the max_share of all arms together is 0.6: raise them to at least 1',
    ],
    [
      'x: { model: a, min_share: 0.5, max_share: 0.3 }, y: { model: a }',
      'arms.x: its min_share 0.5 is above its max_share 0.3: lower one or raise the other',
    ],
  ])('%s', (arms, fault) => {
    expect(faults('policy: {}', arms)).toEqual([fault])
  })
})

describe('settings that do not fit', () => {
  test.each([
    ['policy: { name: fixed }', 'policy: fixed gives each arm its weight: add weights'],
    [
      'policy: { name: fixed, weights: { x: 1, zz: 1 } }',
      'policy.weights.zz: there is no arm zz: there are x, y',
    ],
    [
      'policy: { name: fixed, weights: { x: 0 } }',
      'policy.weights: every weight is 0: give at least one arm more',
    ],
    [
      'policy: { deviation: 0.1 }',
      'policy.deviation: only gaussian rewards have a deviation: add rewards: gaussian, or take it out',
    ],
    [
      'policy: { name: top-two-thompson, rewards: gaussian }',
      'policy.rewards: top-two-thompson takes rewards as fractional or bernoulli: choose one, or name: thompson',
    ],
    ['policy: { name: kl-ucb, c: 2 }', 'policy.c: expected 0 or 3'],
    ['policy: { name: exp3, gamma: 0 }', 'policy.gamma: expected more than 0, found 0'],
    ['policy: { stop: { confidence: 1 } }', expect.stringMatching(/^policy\.stop\.confidence: expected/)],
    ['policy: { sliding_window: 1s }', expect.stringMatching(/from 1m to 365d/)],
    ['policy: { change_detection: {} }', expect.stringMatching(/^policy\.change_detection\.span: expected/)],
  ])('%s', (rest, fault) => {
    expect(faults(rest)).toEqual([fault])
  })
})
