import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestOf, probabilityBest } from '../../../bandit/policies/probability-best.ts'
import type { BetaPosterior } from '../../../bandit/beliefs/posterior.ts'
import { bestByTrapezoid } from '../support/best-by-trapezoid.ts'
import { sampleBeta } from '../support/beta-sampler.ts'
import { chiSquare, oncePerMillion } from '../support/chi-square.ts'
import { firstBeatsSecond } from '../support/first-beats-second.ts'
import { uniformSource } from '../support/random-source.ts'

const beta = (alpha: number, beta_: number): BetaPosterior => ({ alpha, beta: beta_ })
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

function expectEach(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length)
  for (const [at, value] of expected.entries()) {
    expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(tolerance)
  }
}

/** From fractions of a reward to ten million of them, at rates from 10⁻⁴ to 1 − 10⁻⁴. */
const anyPosterior = fc
  .tuple(fc.double({ min: -2, max: 7, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }))
  .map(([logCount, logit]) => {
    const rate = 1 / (1 + Math.exp(-logit))
    return beta(0.01 + 10 ** logCount * rate, 0.01 + 10 ** logCount * (1 - rate))
  })
const anyPosteriors = fc.array(anyPosterior, { minLength: 2, maxLength: 12 })

describe('against values known by other means', () => {
  test.each([
    { posteriors: [beta(21, 81), beta(16, 86)], best: [0.820943, 0.179057], digits: 6 },
    {
      posteriors: [beta(21, 81), beta(16, 86), beta(26, 76)],
      best: [0.193728, 0.023616, 0.782656],
      digits: 6,
    },
    { posteriors: [beta(2, 1), beta(1, 2)], best: [5 / 6, 1 / 6], digits: 11 },
    {
      posteriors: [beta(501, 501), beta(481, 521), beta(481, 521)],
      best: [0.70703, 0.146485, 0.146485],
      digits: 5,
    },
    // 30-digit quadrature over hypergeometric series.
    {
      posteriors: [beta(21, 81), beta(16, 86), beta(26, 76)],
      best: [0.19372832098321, 0.023615528959211, 0.78265615005758],
      digits: 10,
    },
    {
      posteriors: [beta(2.5, 7.25), beta(31.4, 92.6), beta(400.5, 1210.5)],
      best: [0.4256909798763, 0.32570672570196, 0.24860229442174],
      digits: 10,
    },
    {
      posteriors: [beta(0.5, 99.5), beta(1.5, 98.5), beta(20.5, 2979.5)],
      best: [0.13172939186533, 0.65292927364178, 0.2153413344929],
      digits: 10,
    },
  ])('$best', ({ posteriors, best, digits }) => {
    expectEach(probabilityBest(posteriors), best, 0.5000001 * 10 ** -digits)
  })

  test('two arcsine posteriors and a uniform one: ∫ (2/π · arcsin √x)² dx = ½ − 2/π²', () => {
    const uniform = 1 / 2 - 2 / Math.PI ** 2
    const arcsine = (1 - uniform) / 2
    expectEach(
      probabilityBest([beta(0.5, 0.5), beta(0.5, 0.5), beta(1, 1)]),
      [arcsine, arcsine, uniform],
      1e-9,
    )
  })

  test('a uniform posterior beats Beta(10⁶, 1) once in 10⁶ + 1', () => {
    const [sharp, wide] = probabilityBest([beta(1e6, 1), beta(1, 1)])
    expect(wide! * (1e6 + 1)).toBeCloseTo(1, 6)
    expect(sharp!).toBeCloseTo(1e6 / (1e6 + 1), 12)
  })

  test('powers of uniforms, Beta(aᵢ, 1), are best with aᵢ / Σa, for 2 to 100 arms', () => {
    const power = fc.double({ min: -3, max: 6, noNaN: true }).map((exponent) => 10 ** exponent)
    fc.assert(
      fc.property(fc.array(power, { minLength: 2, maxLength: 100 }), (powers) => {
        const sum = powers.reduce((a, b) => a + b)
        const expected = powers.map((a) => a / sum)
        expectEach(probabilityBest(powers.map((a) => beta(a, 1))), expected, 1e-8)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test('whole parameters, by the finite sum', () => {
    const whole = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(whole, whole, whole, whole, (a1, b1, a2, b2) => {
        const first = firstBeatsSecond(a1, b1, a2, b2)
        expectEach(probabilityBest([beta(a1, b1), beta(a2, b2)]), [first, 1 - first], 1e-9)
      }),
      { numRuns: 200, seed: 2 },
    )
  })

  test.each([
    [500_000, 500_000, 499_600, 500_400],
    [5_000_000, 5_000_000, 4_999_000, 5_001_000],
    [3_000, 6_000_000, 30, 40_000],
  ])('very sharp whole parameters %i %i %i %i', (a1, b1, a2, b2) => {
    const first = firstBeatsSecond(a1, b1, a2, b2)
    expect(first).toBeGreaterThan(0.001)
    expect(first).toBeLessThan(0.999)
    expectEach(probabilityBest([beta(a1, b1), beta(a2, b2)]), [first, 1 - first], 1e-8)
  })

  test.each([
    { name: 'mixed widths', posteriors: [beta(1, 1), beta(50, 50), beta(5e3, 5.01e3), beta(5e6, 5e6)] },
    { name: 'all very sharp', posteriors: [beta(5e6, 5e6), beta(5.001e6, 4.999e6), beta(4.999e6, 5.001e6)] },
    { name: 'poles at both ends', posteriors: [beta(0.5, 0.5), beta(0.05, 0.02), beta(1, 1e6), beta(2, 1)] },
    { name: 'nearly no belief', posteriors: [beta(1e-3, 1e-3), beta(1e-3, 2e-3), beta(1, 1)] },
    { name: 'rare rewards', posteriors: [beta(100, 1e7), beta(120, 1e7), beta(1, 1e4), beta(0.5, 3e3)] },
  ])('$name, by brute force', ({ posteriors }) => {
    expectEach(probabilityBest(posteriors), bestByTrapezoid(posteriors, 20_000), 1e-6)
  })

  test.each([
    { posteriors: [beta(0.042, 456), beta(7.26, 405_818)] },
    { posteriors: [beta(0.025, 0.009), beta(9_491_397, 0.979)] },
  ])('tails hundreds of units long that end in a bend, by brute force', ({ posteriors }) => {
    expectEach(probabilityBest(posteriors), bestByTrapezoid(posteriors, 100_000), 2e-8)
  })

  test('equal posteriors share equally, two or a hundred', () => {
    for (const posterior of [beta(1, 1), beta(0.5, 0.5), beta(30, 70), beta(5e6, 5e6)]) {
      for (const arms of [2, 5, 100]) {
        const best = probabilityBest(Array.from({ length: arms }, () => posterior))
        expectEach(
          best,
          Array.from({ length: arms }, () => 1 / arms),
          1e-9,
        )
      }
    }
  })
})

describe('whatever the posteriors', () => {
  test('the integrals sum to 1 within 10⁻⁹ by themselves, and to rounding once divided by it', () => {
    const many = fc.array(anyPosterior, { minLength: 2, maxLength: 100 })
    fc.assert(
      fc.property(many, (posteriors) => {
        expect(Math.abs(bestOf(posteriors).mass - 1)).toBeLessThan(1e-9)
        const best = probabilityBest(posteriors)
        expect(best.every((value) => value >= 0 && value <= 1 + 1e-15)).toBe(true)
        expect(Math.abs(total(best) - 1)).toBeLessThan(1e-14)
      }),
      { numRuns: 150, seed: 3 },
    )
  })

  test('the order of the arms does not matter', () => {
    const shuffled = anyPosteriors.chain((posteriors) =>
      fc.record({
        posteriors: fc.constant(posteriors),
        order: fc.shuffledSubarray([...posteriors.keys()], {
          minLength: posteriors.length,
          maxLength: posteriors.length,
        }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ posteriors, order }) => {
        const best = probabilityBest(posteriors)
        const again = probabilityBest(order.map((at) => posteriors[at]!))
        expectEach(
          again,
          order.map((at) => best[at]!),
          1e-12,
        )
      }),
      { numRuns: 100, seed: 4 },
    )
  })

  test('one more success never makes an arm less likely to be the best', () => {
    fc.assert(
      fc.property(anyPosteriors, (posteriors) => {
        const [first, ...rest] = posteriors
        const better = probabilityBest([beta(first!.alpha + 1, first!.beta), ...rest])
        expect(better[0]!).toBeGreaterThanOrEqual(probabilityBest(posteriors)[0]! - 1e-9)
      }),
      { numRuns: 100, seed: 5 },
    )
  })

  test('an arm alone is the best', () => {
    fc.assert(
      fc.property(anyPosterior, (posterior) => {
        expect([...probabilityBest([posterior])]).toEqual([1])
      }),
    )
  })

  test.each([beta(0, 1), beta(1, -1), beta(Number.NaN, 1), beta(1, Infinity), beta(1e12, 1e12)])(
    '$alpha, $beta is refused',
    (posterior) => {
      expect(() => probabilityBest([posterior, beta(1, 1)])).toThrow(RangeError)
    },
  )
})

/** Each set fails by chance for one seed in a million; the seeds are fixed. */
describe('a million draws of the posteriors themselves agree', () => {
  test.each([
    { seed: 11, posteriors: [beta(21, 81), beta(16, 86), beta(26, 76)] },
    { seed: 12, posteriors: [beta(0.5, 0.5), beta(0.3, 0.2), beta(1, 1)] },
    { seed: 13, posteriors: [beta(1, 1), beta(60, 40), beta(5e4, 4e4), beta(6.5, 4.5)] },
  ])('seed $seed', ({ seed, posteriors }) => {
    const uniform = uniformSource(seed)
    const wins = posteriors.map(() => 0)
    for (let draw = 0; draw < 1_000_000; draw++) {
      let best = -1
      let winner = 0
      for (let arm = 0; arm < posteriors.length; arm++) {
        const sample = sampleBeta(posteriors[arm]!, uniform)
        if (sample > best) [best, winner] = [sample, arm]
      }
      wins[winner]!++
    }
    expect(chiSquare(wins, probabilityBest(posteriors))).toBeLessThan(oncePerMillion[posteriors.length - 1]!)
  })
})
