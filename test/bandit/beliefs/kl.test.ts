import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bernoulliKl, klUpperBound } from '../../../bandit/beliefs/kl.ts'
import { explorationLevel } from '../../../bandit/policies/kl-ucb.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

describe('kl', () => {
  test('is 0 between equals and known by hand elsewhere', () => {
    for (const p of [0, 0.3, 1]) expect(bernoulliKl(p, p)).toBe(0)
    expect(bernoulliKl(0.5, 0.25)).toBeCloseTo(0.5 * Math.log(4 / 3), 14)
    expect(bernoulliKl(0, 0.5)).toBeCloseTo(Math.log(2), 12)
    expect(bernoulliKl(1, 0.5)).toBeCloseTo(Math.log(2), 12)
  })

  test('is finite whatever the means, and at least twice the square of their distance', () => {
    fc.assert(
      fc.property(unit, unit, (p, q) => {
        const kl = bernoulliKl(p, q)
        expect(Number.isFinite(kl)).toBe(true)
        expect(kl).toBeGreaterThanOrEqual(2 * (p - q) ** 2 - 1e-13)
      }),
      { seed: 41 },
    )
  })
})

describe('the upper bound', () => {
  /** Successes, pulls and the round, with ln t and with ln t + 3 ln ln t; from an independent implementation. */
  test.each([
    { sum: 0, count: 1, round: 10, plain: 0.9, proven: 0.991809 },
    { sum: 0, count: 10, round: 100, plain: 0.369043, proven: 0.600951 },
    { sum: 5, count: 50, round: 1000, plain: 0.322168, proven: 0.421665 },
    { sum: 45, count: 50, round: 1000, plain: 0.989277, proven: 0.99686 },
    { sum: 50, count: 50, round: 1000, plain: 1, proven: 1 },
    { sum: 1, count: 2, round: 3, plain: 0.908248, proven: 0.932612 },
  ])('of $sum of $count in round $round is $plain, or $proven', ({ sum, count, round, plain, proven }) => {
    const bound = (c: 0 | 3) => klUpperBound(sum / count, explorationLevel(round, c) / count)
    expect(Math.abs(bound(0) - plain)).toBeLessThan(5.1e-7)
    expect(Math.abs(bound(3) - proven)).toBeLessThan(5.1e-7)
  })

  test('is the largest mean that the level allows', () => {
    fc.assert(
      fc.property(unit, fc.double({ min: 1e-9, max: 50, noNaN: true }), (p, level) => {
        const bound = klUpperBound(p, level)
        expect(bound).toBeGreaterThanOrEqual(p)
        expect(bound).toBeLessThanOrEqual(1)
        if (p > 1e-12 && bound < 1) expect(bernoulliKl(p, bound)).toBeLessThanOrEqual(level)
        const beyond = bound + 1e-9 * (1 - bound) + 1e-12
        if (beyond < 1 - 1e-12) expect(bernoulliKl(p, beyond)).toBeGreaterThan(level * (1 - 1e-9))
      }),
      { seed: 42, numRuns: 500 },
    )
  })

  test('never lies below the mean, though the level of a first round is 0 or less', () => {
    expect(klUpperBound(0.4, 0)).toBe(0.4)
    expect(klUpperBound(0.4, -3)).toBe(0.4)
    expect([explorationLevel(0.2, 0), explorationLevel(1, 3), explorationLevel(2, 3)]).toEqual([0, 0, 0])
  })
})
