import { describe, expect, test } from 'vitest'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const written = (endpoint: string) => `models: { m: { onnx: ./m.onnx } }\nendpoints: { e: { ${endpoint} } }\n`
const armsOf = (endpoint: string) => soundConfig(written(endpoint)).endpoints[0]!.arms

test('an arm keeps to the guardrails of its endpoint, but for its own', () => {
  const [a, b] = armsOf(
    `guardrails: { error_rate: 0.1, latency_p99: 200ms, probation: { after: 5m } },
     arms: { a: { model: m, guardrails: { error_rate: 0.5, probation: { share: 0.1 } } }, b: { model: m } }`,
  )
  expect(b!.guardrails).toEqual({
    windowMs: 60_000,
    minRequests: 20,
    errorRate: 0.1,
    latencyP99Ms: 200,
    baseline: undefined,
    probability: 0.95,
    minRewards: 500,
    action: 'quarantine',
    probation: { afterMs: 300_000, forMs: 60_000, share: 0.02 },
  })
  expect(a!.guardrails).toEqual({
    ...b!.guardrails,
    errorRate: 0.5,
    probation: { afterMs: 300_000, forMs: 60_000, share: 0.1 },
  })
})

test('canaries and warm-ups have defaults; what is not written is not there', () => {
  const [a, b] = armsOf(
    `guardrails: { baseline: b }, arms: { a: { model: m, canary: {}, warm_up: { rewards: 50, max_share: 0.1 } }, b: { model: m } }`,
  )
  expect(a).toMatchObject({
    canary: { from: 0.01, to: 0.5, overMs: 7_200_000, steps: 8 },
    warmUp: { pulls: 0, minShare: 0, rewards: 50, maxShare: 0.1 },
  })
  expect(b).not.toHaveProperty('canary')
  expect(armsOf('arms: { a: { model: m } }')[0]).not.toHaveProperty('guardrails')
})

describe('is refused with how to mend it', () => {
  test.each([
    [
      'guardrails: { baseline: bb }, arms: { b: { model: m } }',
      'guardrails.baseline: there is no arm "bb": did you mean b?',
    ],
    ['guardrails: { error_rate: 1 }, arms: { b: { model: m } }', 'guardrails.error_rate: '],
    [
      'arms: { b: { model: m, guardrails: { window: 1m } } }',
      'arms.b.guardrails: these guardrails hold nothing: add error_rate',
    ],
    [
      'guardrails: { error_rate: 0.1, action: floor }, arms: { b: { model: m } }',
      'arms.b: with action: floor',
    ],
    [
      'arms: { a: { model: m, canary: {} }, b: { model: m } }',
      'arms.a.canary: a canary goes on for as long as its guardrails hold',
    ],
    [
      'guardrails: { error_rate: 0.1 }, arms: { a: { model: m, canary: { from: 0.6 } }, b: { model: m } }',
      'arms.a.canary: it starts from 0.6, above the 0.5',
    ],
    ['guardrails: { error_rate: 0.1 }, arms: { a: { model: m, canary: {} } }', 'arms: every arm is a canary'],
    [
      'arms: { a: { model: m, warm_up: { pulls: 9, min_share: 0.5, rewards: 9, max_share: 0.4 } } }',
      'arms.a.warm_up: its min_share 0.5 is above',
    ],
    ['arms: { a: { model: m, warm_up: { min_share: 0.5 } } }', 'arms.a.warm_up: say for how many pulls'],
    ['arms: { a: { model: m, warm_up: { max_share: 0.5 } } }', 'arms.a.warm_up: say for how many rewards'],
  ])('%s', (endpoint, fault) => {
    const faults = endpointFaults(written(endpoint))
    expect(faults).toEqual([expect.stringContaining(fault)])
  })
})
