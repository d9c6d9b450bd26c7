import { describe, expect, test } from 'vitest'
import { expectedRegret } from '../../../bandit/beliefs/expected-regret.ts'
import { bestOf } from '../../../bandit/policies/probability-best.ts'
import { largestOf } from '../../../bandit/policies/student-t.ts'
import { createRewardModel } from '../../../bandit/beliefs/reward-model.ts'
import { belief } from '../support/beliefs.ts'
import { sampleBeta } from '../support/beta-sampler.ts'
import { uniformSource } from '../support/random-source.ts'

const beta = (alpha: number, b: number) => ({ alpha, beta: b })

describe('the expected largest mean', () => {
  test('of K uniform means is K / (K + 1)', () => {
    for (const arms of [1, 2, 5, 100])
      expect(bestOf(Array.from({ length: arms }, () => beta(1, 1))).mean).toBeCloseTo(arms / (arms + 1), 8)
  })

  test('of Beta(a, 1) and Beta(b, 1) has the distribution function x^(a + b)', () => {
    for (const [a, b] of [
      [0.5, 3],
      [7, 400],
    ] as const)
      expect(bestOf([beta(a, 1), beta(b, 1)]).mean).toBeCloseTo((a + b) / (a + b + 1), 8)
  })

  test('is the mean of an arm that all others are far below', () => {
    expect(bestOf([beta(9e5, 1e5), beta(10, 1000)]).mean).toBeCloseTo(0.9, 10)
  })

  test.each([
    { degrees: 2, within: 1e-4 },
    { degrees: 30, within: 1e-8 },
  ])('of one Student t with $degrees degrees is its location', ({ degrees, within }) => {
    const { mean } = largestOf([{ location: 0.3, scale: 0.2, degrees }])
    expect(Math.abs(mean - 0.3)).toBeLessThan(within)
  })

  test('of two normal means is μ + σ / √π', () => {
    const posterior = { location: 0.3, scale: 0.2, degrees: 1e7 }
    expect(largestOf([posterior, posterior]).mean).toBeCloseTo(0.3 + 0.2 / Math.sqrt(Math.PI), 6)
  })
})

test.each([
  { name: 'level', arms: [belief(20, 10), belief(18, 9), belief(3, 1)], shares: [0.4, 0.4, 0.2] },
  { name: 'rare', arms: [belief(4000, 40), belief(3000, 36), belief(100, 0)], shares: [0.2, 0.7, 0.1] },
  { name: 'found', arms: [belief(900, 810), belief(50, 20)], shares: [0.99, 0.01] },
])('$name: is what 400,000 draws of the posteriors say, within 5 standard errors', ({ arms, shares }) => {
  const model = createRewardModel()
  const played = arms.map((arm, at) => ({ mean: model.mean(arm), share: shares[at]!, shown: 1000 * at }))
  const { perDecision, sinceStart } = expectedRegret(model.best(arms).mean, played, false)

  const uniform = uniformSource(7)
  const draws = 400_000
  const [next, past] = [new Moments(), new Moments()]
  for (let draw = 0; draw < draws; draw++) {
    const means = arms.map(({ count, sum }) => sampleBeta(beta(1 + sum, 1 + count - sum), uniform))
    const best = Math.max(...means)
    next.add(means.reduce((sum, mean, at) => sum + shares[at]! * (best - mean), 0))
    past.add(means.reduce((sum, mean, at) => sum + played[at]!.shown * (best - mean), 0))
  }
  expect(Math.abs(next.mean - perDecision)).toBeLessThan(5 * next.error)
  expect(Math.abs(past.mean - sinceStart!)).toBeLessThan(5 * past.error)
})

test('falls to 0 as one arm is known to be the best and gets everything, but for least shares', () => {
  const model = createRewardModel()
  const arms = [belief(1e6, 6e5), belief(1e6, 4e5)]
  const regretAt = (shares: readonly number[]) =>
    expectedRegret(
      model.best(arms).mean,
      arms.map((arm, at) => ({ mean: model.mean(arm), share: shares[at]!, shown: 0 })),
      false,
    ).perDecision
  expect(regretAt([1, 0])).toBeLessThan(1e-9)
  expect(regretAt([1, 0])).toBeGreaterThanOrEqual(0)
  expect(regretAt([0.95, 0.05])).toBeCloseTo(0.01, 6)
})

test('by context there is no sum over the past, as the best arm was not one', () => {
  const arms = [{ mean: 0.5, share: 1, shown: 10 }]
  expect(expectedRegret(0.6, arms, true)).toEqual({ perDecision: expect.closeTo(0.1, 12) })
})

/** Mean of what was added, and its standard error. */
class Moments {
  #count = 0
  #sum = 0
  #squares = 0

  add(value: number): void {
    this.#count += 1
    this.#sum += value
    this.#squares += value * value
  }

  get mean(): number {
    return this.#sum / this.#count
  }

  get error(): number {
    return Math.sqrt((this.#squares / this.#count - this.mean ** 2) / this.#count)
  }
}
