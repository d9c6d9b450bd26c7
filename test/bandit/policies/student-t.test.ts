import { describe, expect, test } from 'vitest'
import { gaussianPosterior, studentQuantile } from '../../../bandit/beliefs/gaussian-posterior.ts'
import { probabilityLargest, type StudentT } from '../../../bandit/policies/student-t.ts'
import { createThompson } from '../../../bandit/policies/thompson.ts'
import { belief } from '../support/beliefs.ts'
import { uniformSource } from '../support/random-source.ts'

const t = (location: number, scale: number, degrees: number): StudentT => ({ location, scale, degrees })

describe('P(largest) of Student-t variables', () => {
  test('of two Cauchy variables is the arc tangent of the gap over both scales', () => {
    const [first] = probabilityLargest([t(1, 2, 1), t(0, 1, 1)])
    expect(first).toBeCloseTo(0.5 + Math.atan(1 / 3) / Math.PI, 10)
  })

  test('with many degrees of freedom is that of normal variables', () => {
    // Φ(1/√2) and Φ(1)
    expect(probabilityLargest([t(1, 1, 1e10), t(0, 1, 1e10)])[0]).toBeCloseTo(0.7602499389065233, 8)
    expect(probabilityLargest([t(5e-6, 3e-6, 1e10), t(0, 4e-6, 1e10)])[0]).toBeCloseTo(0.8413447460685429, 8)
  })

  test('of equals is equal, whatever the scales', () => {
    for (const best of probabilityLargest([t(0.5, 1e-6, 1e6), t(0.5, 0.3, 2)]))
      expect(best).toBeCloseTo(0.5, 10)
    for (const best of probabilityLargest(Array.from({ length: 9 }, () => t(3, 2, 4)))) {
      expect(best).toBeCloseTo(1 / 9, 12)
    }
  })

  test('agrees with draws: quantiles of uniform numbers', () => {
    const arms = [t(0, 1, 2), t(0.4, 0.5, 6), t(-0.5, 2, 3)]
    const uniform = uniformSource(91)
    const wins = arms.map(() => 0)
    const draws = 30_000
    for (let round = 0; round < draws; round++) {
      const samples = arms.map((arm) => studentQuantile(arm, uniform()))
      wins[samples.indexOf(Math.max(...samples))]!++
    }
    for (const [at, best] of probabilityLargest(arms).entries()) {
      expect(Math.abs(wins[at]! / draws - best)).toBeLessThan(5 * Math.sqrt(0.25 / draws))
    }
  })

  test.each([t(0, 0, 1), t(0, 1, 0), t(Number.NaN, 1, 1), t(0, Number.NaN, 1)])(
    '$location, $scale, $degrees is refused',
    (arm) => {
      expect(() => probabilityLargest([arm])).toThrow(RangeError)
    },
  )
})

describe('the posterior of normal rewards', () => {
  test('is that of the sums, by the formula', () => {
    // Rewards 0.2, 0.4, 0.6 under m₀ = ½, κ₀ = 2, a₀ = 1, s = ¼: κ = 5, m = 2.2/5, a = 2.5,
    // b = 1/16 + ½ (0.08 + 6/5 · 0.01) = 0.1085.
    const { location, scale, degrees } = gaussianPosterior({ count: 3, sum: 1.2, sumOfSquares: 0.56 })
    expect(location).toBeCloseTo(0.44, 14)
    expect(degrees).toBe(5)
    expect(scale).toBeCloseTo(Math.sqrt(0.1085 / (2.5 * 5)), 14)
  })

  test('has the quantiles of t tables', () => {
    expect(studentQuantile(t(0, 1, 5), 0.975)).toBeCloseTo(2.570_582, 6)
    expect(studentQuantile(t(2, 3, 5), 0.025)).toBeCloseTo(2 - 3 * 2.570_582, 5)
    expect(studentQuantile(t(7, 3, 5), 0.5)).toBe(7)
  })
})

test('gaussian Thompson sees that steady rewards need less doubt', () => {
  const steady = [belief(30, 15, { sumOfSquares: 7.5 }), belief(30, 13.5, { sumOfSquares: 6.075 })]
  const varying = [belief(30, 15), belief(30, 13.5)]
  const best = (arms: typeof steady) => createThompson({ rewards: 'gaussian' }).distribution(arms)[0]!
  expect(best(steady)).toBeGreaterThan(0.75)
  expect(best(varying)).toBeLessThan(0.7)
  const sure = createThompson({ rewards: 'gaussian', deviation: 0.01 }).distribution(steady)[0]!
  expect(sure).toBeGreaterThan(0.9)
})
