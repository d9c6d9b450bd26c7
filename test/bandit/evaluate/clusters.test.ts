import { describe, expect, test } from 'vitest'
import { collapse, toClusters } from '../../../bandit/evaluate/clusters.ts'
import { valueOf } from '../../../bandit/evaluate/estimators.ts'
import { bootstrap } from '../../../bandit/evaluate/intervals.ts'
import { weightFacts } from '../../../bandit/evaluate/samples.ts'
import { uniformSource } from '../support/random-source.ts'

test('decisions of one key are one, others stand by themselves', () => {
  const clusters = toClusters([{ unit: 'u' }, {}, { unit: 'v' }, { unit: 'u' }, {}])!
  expect([...clusters.of]).toEqual([0, 1, 2, 0, 3])
  expect([...clusters.sizes]).toEqual([2, 1, 1, 1])
  expect(toClusters([{ unit: 'u' }, {}, { unit: 'v' }])).toBeUndefined()
  const terms = { top: Float64Array.of(1, 2, 3, 4, 5), bottom: undefined } as const
  expect(collapse(terms, clusters)).toMatchObject({
    top: Float64Array.of(5, 2, 3, 5),
    bottom: Float64Array.of(2, 1, 1, 1),
  })
  expect(valueOf(collapse(terms, clusters))).toBe(valueOf(terms))
  expect(weightFacts(Float64Array.of(1, 1, 1, 1, 1), clusters).effective).toBeCloseTo(25 / 7, 12)
})

test('whole keys are drawn, and weigh by their decisions', () => {
  const clusters = toClusters([{ unit: 'u' }, { unit: 'u' }, { unit: 'v' }])!
  const own = collapse({ top: Float64Array.of(1, 1, 0), bottom: undefined }, clusters)
  // u twice: 1; u and v, in half of the cases: 2 of 3; v twice: 0.
  const interval = (confidence: number) => bootstrap([own], { seed: 1, resamples: 1000, confidence })[0]
  expect(interval(0.9)).toEqual([0, 1])
  expect(interval(0.3)).toEqual([2 / 3, 2 / 3])
})

const units = 300
const each = 10

/** Rewards of keys that mostly agree with themselves: the same probability for all decisions of a key, 0.2 or 0.8. */
function simulate(seed: number) {
  const random = uniformSource(seed)
  const decisions = Array.from({ length: units * each }, (_, n) => ({ unit: `user ${n % units}` }))
  const tastes = Array.from({ length: units }, () => (random() < 0.5 ? 0.2 : 0.8))
  const top = Float64Array.from(decisions, (_, n) => Number(random() < tastes[n % units]!))
  return { terms: { top, bottom: undefined } as const, clusters: toClusters(decisions)! }
}

const settings = { seed: 1, resamples: 400, confidence: 0.95 }

describe('intervals over keys', () => {
  const runs = Array.from({ length: 60 }, (_, run) => simulate((run + 1) * 7919))

  test('are as wide as the cluster-robust variance and its design effect say', () => {
    const { terms, clusters } = runs[0]!
    const own = collapse(terms, clusters)
    const mean = valueOf(terms)
    const robust =
      Math.sqrt(own.top.reduce((sum, total) => sum + (total - mean * each) ** 2, 0)) / (units * each)
    const [[low, high]] = bootstrap([own], { ...settings, resamples: 2000 }) as [[number, number]]
    expect((high - low) / (2 * 1.96 * robust)).toBeGreaterThan(0.93)
    expect((high - low) / (2 * 1.96 * robust)).toBeLessThan(1.07)
    // Kish: 1 + (m − 1) ρ with ρ = Var(0.2 or 0.8) ∕ Var(r) = 0.09 ∕ 0.25, so 1 + 9 · 0.36 = 4.24.
    const naive = Math.sqrt((mean * (1 - mean)) / (units * each))
    expect(robust ** 2 / naive ** 2).toBeGreaterThan(3.4)
    expect(robust ** 2 / naive ** 2).toBeLessThan(5.1)
  })

  test('hold the truth about as often as they say, which those over decisions do not', () => {
    const holds = (interval: readonly [number, number]) => interval[0] <= 0.5 && 0.5 <= interval[1]
    const count = (intervalOf: (run: (typeof runs)[number]) => readonly [number, number]) =>
      runs.filter((run) => holds(intervalOf(run))).length
    // Of 60, fewer than 51, or for a coverage of 2 Φ(1.96 ∕ √4.24) − 1 = 0.66 more than 50, happen once in 500 or less.
    expect(
      count(({ terms, clusters }) => bootstrap([collapse(terms, clusters)], settings)[0]!),
    ).toBeGreaterThanOrEqual(51)
    expect(count(({ terms }) => bootstrap([terms], { ...settings, resamples: 100 })[0]!)).toBeLessThan(51)
  })
})
