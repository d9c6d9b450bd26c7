import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toTerms, valueOf, type EstimatorName } from '../../../bandit/evaluate/estimators.ts'
import { bootstrap, empiricalBernstein, resamplesFor } from '../../../bandit/evaluate/intervals.ts'
import { createArmMeans } from '../../../bandit/evaluate/arm-means.ts'
import { foldOf } from '../../../bandit/evaluate/folds.ts'
import { weightFacts, type Samples } from '../../../bandit/evaluate/samples.ts'
import { createSupportCheck } from '../../../bandit/evaluate/support.ts'
import { uniformSource } from '../support/random-source.ts'

function estimates(samples: Samples, maxWeight: number): Record<EstimatorName, number> {
  const values = toTerms(samples, maxWeight).map((terms) => [terms.name, valueOf(terms)])
  return Object.fromEntries(values) as Record<EstimatorName, number>
}

test('three decisions, by hand', () => {
  const samples = {
    weights: Float64Array.of(0.5, 4, 1),
    rewards: Float64Array.of(1, 1, 0),
    direct: Float64Array.of(0.6, 0.6, 0.6),
    predicted: Float64Array.of(0.8, 0.2, 0.2),
    leverage: new Float64Array(3),
  }
  const values = estimates(samples, 2)
  expect(values['ips']).toBeCloseTo(4.5 / 3, 12)
  expect(values['snips']).toBeCloseTo(4.5 / 5.5, 12)
  expect(values['clipped']).toBeCloseTo(2.5 / 3, 12)
  expect(values['clipped-sn']).toBeCloseTo(2.5 / 3.5, 12)
  expect(values['dm']).toBeCloseTo(0.6, 12)
  expect(values['dr']).toBeCloseTo(0.6 + (0.5 * 0.2 + 4 * 0.8 - 0.2) / 3, 12)
  expect(values['switch-dr']).toBeCloseTo(0.6 + (0.5 * 0.2 - 0.2) / 3, 12)
  expect(weightFacts(samples.weights)).toEqual({ mean: 5.5 / 3, max: 4, effective: 5.5 ** 2 / 17.25 })
})

/** A target whose worth is known, judged by a log that preferred another arm by turns. */
function simulate(seed: number, decisions: number): { samples: Samples; truth: number } {
  const random = uniformSource(seed)
  const means = [0.1, 0.4, 0.8]
  const target = [0.1, 0.2, 0.7]
  const model = [0.2, 0.3, 0.7]
  const truth = means.reduce((sum, mean, arm) => sum + mean * target[arm]!, 0)
  const samples = {
    weights: new Float64Array(decisions),
    rewards: new Float64Array(decisions),
    direct: new Float64Array(decisions).fill(
      target.reduce((sum, share, arm) => sum + share * model[arm]!, 0),
    ),
    predicted: new Float64Array(decisions),
    leverage: new Float64Array(decisions),
  }
  for (let at = 0; at < decisions; at++) {
    const logged = at % 2 === 0 ? [0.6, 0.3, 0.1] : [0.2, 0.2, 0.6]
    const u = random()
    const arm = u < logged[0]! ? 0 : u < logged[0]! + logged[1]! ? 1 : 2
    samples.weights[at] = target[arm]! / logged[arm]!
    samples.rewards[at] = random() < means[arm]! ? 1 : 0
    samples.predicted[at] = model[arm]!
  }
  return { samples, truth }
}

describe('against the truth', () => {
  // Seeds far apart: the generator starts alike from neighbouring ones.
  const runs = Array.from({ length: 60 }, (_, run) => simulate((run + 1) * 7919, 2000))

  test.each(['ips', 'snips', 'dr'] as const)('%s is right on the average', (name) => {
    const errors = runs.map(({ samples, truth }) => estimates(samples, 100)[name] - truth)
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.006)
  })

  test('a reward model makes dr calmer than ips, and clipping makes a bias', () => {
    const spread = (name: EstimatorName, maxWeight: number) =>
      runs.reduce((sum, { samples, truth }) => sum + (estimates(samples, maxWeight)[name] - truth) ** 2, 0)
    expect(spread('dr', 100)).toBeLessThan(spread('ips', 100))
    expect(spread('snips', 100)).toBeLessThan(spread('ips', 100))
    const clipped = runs.map(({ samples, truth }) => estimates(samples, 2)['clipped'] - truth)
    expect(Math.max(...clipped)).toBeLessThan(0)
  })

  test('95 % intervals of the bootstrap hold the truth about as often, those of Bernstein always', () => {
    let boot = 0
    let bernstein = 0
    for (const { samples, truth } of runs) {
      const [ips] = toTerms(samples, 100)
      const [[low, high]] = bootstrap([ips!], { seed: 1, resamples: 200, confidence: 0.95 }) as [
        [number, number],
      ]
      if (low <= truth && truth <= high) boot += 1
      const [least, most] = empiricalBernstein(ips!.top, 7, 0.95)
      if (least <= truth && truth <= most) bernstein += 1
    }
    expect(boot).toBeGreaterThanOrEqual(51)
    expect(bernstein).toBe(60)
  })
})

test('the bootstrap has as wide an interval as the standard error says', () => {
  const { samples } = simulate(5, 5000)
  const terms = { name: 'ips', top: samples.rewards, bottom: undefined } as const
  const mean = valueOf(terms)
  const expected = 2 * 1.96 * Math.sqrt((mean * (1 - mean)) / 5000)
  const [[low, high]] = bootstrap([terms], { seed: 3, resamples: 1000, confidence: 0.95 }) as [
    [number, number],
  ]
  expect((high - low) / expected).toBeGreaterThan(0.9)
  expect((high - low) / expected).toBeLessThan(1.1)
})

test('resamples stay within what a large log can afford', () => {
  expect([10, 20_000, 50_000, 1e9].map(resamplesFor)).toEqual([1000, 1000, 400, 200])
})

describe('the reward model', () => {
  const keyOf = (n: number) => createHash('sha256').update(String(n)).digest('base64url').slice(0, 16)
  const decide = (n: number, chosen: number) => ({
    key: keyOf(n),
    decidedAt: n,
    arms: ['a', 'b'],
    propensities: Float64Array.of(0.5, 0.5),
    chosen,
  })

  test('never judges a decision by itself', () => {
    const decisions = Array.from({ length: 10 }, (_, n) => decide(n, n === 3 ? 1 : 0))
    const rewards = Float64Array.from(decisions, (_, n) => Number(n === 3 || n === 0))
    const model = createArmMeans(decisions, rewards)
    const fold = foldOf({ key: keyOf(0) })
    const others = decisions.filter(({ key, chosen }) => chosen === 0 && foldOf({ key }) !== fold)
    expect(others.length).toBeGreaterThan(0)
    expect(model(fold, 'a')).toBe(0)
    // The only decision of b is in one fold: there, and for an arm that was never chosen, the mean of all stands in.
    const only = foldOf({ key: keyOf(3) })
    expect(model(only, 'b')).toBeCloseTo(0.2, 12)
    expect(model((only + 1) % 5, 'b')).toBe(1)
    expect(model(only, 'c')).toBeCloseTo(0.2, 12)
  })

  test('knows every arm also where the log takes them by turns', () => {
    const decisions = Array.from({ length: 400 }, (_, n) => ({
      ...decide(n, n % 5),
      arms: ['a', 'b', 'c', 'd', 'e'],
    }))
    const model = createArmMeans(
      decisions,
      Float64Array.from(decisions, ({ chosen }) => chosen / 10),
    )
    for (let fold = 0; fold < 5; fold++) {
      expect(['a', 'b', 'c', 'd', 'e'].map((arm) => model(fold, arm).toFixed(6))).toEqual(
        [0, 0.1, 0.2, 0.3, 0.4].map((mean) => mean.toFixed(6)),
      )
    }
  })
})

describe('support', () => {
  test('misses what the log would have chosen less than once', () => {
    const check = createSupportCheck(4)
    for (let n = 0; n < 4; n++) {
      check.add(['a', 'b', 'c'], Float64Array.of(0.5, 0.3, 0.2), Float64Array.of(0.8, 0.2, 0))
    }
    const { missing, byArm, maxRatio } = check.result()
    expect(missing).toBeCloseTo(0.5, 12)
    expect([...byArm.keys()]).toEqual(['b', 'c'])
    expect(maxRatio).toBeCloseTo(1.5, 12)
  })

  test('asks nothing of arms that the target does not want', () => {
    const check = createSupportCheck(1)
    check.add(['a', 'b'], Float64Array.of(1, 0), Float64Array.of(1, 0))
    expect(check.result().missing).toBe(0)
  })
})
