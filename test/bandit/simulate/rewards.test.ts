import { expect, test } from 'vitest'
import { toEstimate } from '../../../bandit/simulate/estimate.ts'
import { drawReward, expectedReward, meanAt, nextChange } from '../../../bandit/simulate/rewards.ts'
import { createStream } from '../../../bandit/simulate/streams.ts'
import { constantMean, type RewardLaw } from '../../../bandit/simulate/world.ts'

const points = [
  { at: 0, mean: 0.2 },
  { at: 100, mean: 0.6 },
  { at: 300, mean: 0.4 },
]

test.each<[string, RewardLaw]>([
  ['a coin', { kind: 'bernoulli', mean: constantMean(0.3) }],
  ['a normal cut off on both sides', { kind: 'gaussian', mean: constantMean(0.7), sd: 0.5 }],
  ['a normal far inside', { kind: 'gaussian', mean: constantMean(0.5), sd: 0.05 }],
  ['a list', { kind: 'list', values: [0, 0.25, 1] }],
])('%s earns on average what it is expected to, within 4 standard errors', (_, law) => {
  const uniform = createStream(1, 0, 'nature')
  const rewards = Array.from({ length: 50_000 }, () => drawReward(law, 0, uniform))
  const { mean, error } = toEstimate(rewards)
  expect(Math.abs(mean - expectedReward(law, 0))).toBeLessThan(4 * error)
  expect(Math.min(...rewards)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...rewards)).toBeLessThanOrEqual(1)
})

test.each([
  ['steps', 0, 0.2],
  ['steps', 99, 0.2],
  ['steps', 100, 0.6],
  ['steps', 999, 0.4],
  ['lines', 50, 0.4],
  ['lines', 100, 0.6],
  ['lines', 200, 0.5],
  ['lines', 999, 0.4],
] as const)('a mean in %s is at decision %i %f', (between, step, mean) => {
  expect(meanAt({ points, between }, step)).toBeCloseTo(mean, 12)
})

test('a law tells when it next changes', () => {
  const law = (between: 'steps' | 'lines'): RewardLaw => ({ kind: 'bernoulli', mean: { points, between } })
  expect([0, 99, 100, 300].map((step) => nextChange(law('steps'), step))).toEqual([100, 100, 300, Infinity])
  expect([0, 99, 100, 300].map((step) => nextChange(law('lines'), step))).toEqual([1, 100, 101, Infinity])
})
