import { expect, test } from 'vitest'
import { probabilityBest } from '../../../bandit/policies/probability-best.ts'
import { noneBetterBy } from '../../../bandit/beliefs/value-left.ts'
import { sampleBeta } from '../support/beta-sampler.ts'
import { uniformSource } from '../support/random-source.ts'

const posteriors = [
  { alpha: 21, beta: 481 },
  { alpha: 31, beta: 571 },
  { alpha: 1, beta: 9 },
]

test('none better by nothing is the probability of being best', () => {
  const best = probabilityBest(posteriors)
  for (const k of posteriors.keys()) expect(noneBetterBy(0, posteriors, k)).toBeCloseTo(best[k]!, 8)
})

test('is what draws of the posteriors say', () => {
  const uniform = uniformSource(5)
  const draws = 200_000
  const gain = 0.2
  let within = 0
  for (let draw = 0; draw < draws; draw++) {
    const means = posteriors.map((posterior) => sampleBeta(posterior, uniform))
    if (Math.max(...means) <= (1 + gain) * means[1]!) within += 1
  }
  const expected = noneBetterBy(gain, posteriors, 1)
  const error = Math.sqrt((expected * (1 - expected)) / draws)
  expect(Math.abs(within / draws - expected)).toBeLessThan(4 * error)
  expect(expected).toBeGreaterThan(noneBetterBy(0, posteriors, 1) + 20 * error)
})

test('is closed for two uniform means: 1 − 1 / (2 (1 + gain))', () => {
  const uniform = { alpha: 1, beta: 1 }
  // P(y ≤ c x) for c ≥ 1 is all but the triangle above the line, which bends where c x reaches 1.
  for (const gain of [0, 0.25, 1])
    expect(noneBetterBy(gain, [uniform, uniform], 0)).toBeCloseTo(1 - 1 / (2 * (1 + gain)), 4)
})
