import fc from 'fast-check'
import { expect, test } from 'vitest'
import { betaMean, betaPosterior, betaQuantile } from '../../../bandit/beliefs/posterior.ts'

test('sums move the prior, Beta(1, 1) unless another is given', () => {
  expect(betaPosterior({ count: 10, sum: 2.5 })).toEqual({ alpha: 3.5, beta: 8.5 })
  expect(betaPosterior({ count: 10, sum: 2.5 }, { alpha: 0.5, beta: 0.5 })).toEqual({ alpha: 3, beta: 8 })
})

test('a sum that rounding left above its count stays a posterior', () => {
  const { alpha, beta } = betaPosterior({ count: 1, sum: 1 + 2 ** -52 }, { alpha: 1e-20, beta: 1e-20 })
  expect(alpha).toBeGreaterThan(0)
  expect(beta).toBe(1e-20)
})

test('the mean is α / (α + β)', () => {
  expect(betaMean({ alpha: 3, beta: 9 })).toBe(0.25)
})

test.each([
  { alpha: 1, beta: 1, p: 0.05, quantile: 0.05 },
  { alpha: 7, beta: 1, p: 0.3, quantile: 0.3 ** (1 / 7) },
  { alpha: 0.5, beta: 0.5, p: 0.05, quantile: Math.sin((Math.PI / 2) * 0.05) ** 2 },
  { alpha: 2, beta: 2, p: 0.5, quantile: 0.5 },
  // 16 digits of the root of the regularised incomplete beta function.
  { alpha: 21, beta: 81, p: 0.05, quantile: 0.1437585199515513 },
  { alpha: 21, beta: 81, p: 0.95, quantile: 0.2745901310654299 },
  { alpha: 50_000, beta: 3000, p: 0.95, quantile: 0.9450376917602444 },
])('$p of Beta($alpha, $beta) lies below $quantile', ({ alpha, beta, p, quantile }) => {
  expect(betaQuantile({ alpha, beta }, p) / quantile).toBeCloseTo(1, 8)
})

test('a very sharp posterior has normal quantiles, ten million rewards or a billion', () => {
  for (const half of [5e6, 5e8]) {
    const deviation = Math.sqrt(1 / (8 * half))
    const z = (betaQuantile({ alpha: half, beta: half }, 0.95) - 0.5) / deviation
    expect(z).toBeCloseTo(1.6448536, 4)
  }
})

test('a quantile below the smallest double is 0', () => {
  expect(betaQuantile({ alpha: 0.001, beta: 5 }, 0.05)).toBe(0)
})

test('what is no distribution has no quantile', () => {
  expect(() => betaQuantile({ alpha: -1, beta: 1 }, 0.5)).toThrow(/domain/)
})

test('quantiles rise with p and mirror when the outcomes are swapped', () => {
  const parameter = fc.double({ min: 0.1, max: 1e5, noNaN: true })
  const probability = fc.double({ min: 0.001, max: 0.998, noNaN: true })
  fc.assert(
    fc.property(parameter, parameter, probability, (alpha, beta, p) => {
      const quantile = betaQuantile({ alpha, beta }, p)
      expect(betaQuantile({ alpha, beta }, p + 0.001)).toBeGreaterThanOrEqual(quantile)
      expect(betaQuantile({ alpha: beta, beta: alpha }, 1 - p)).toBeCloseTo(1 - quantile, 9)
    }),
    { numRuns: 300, seed: 8 },
  )
})
