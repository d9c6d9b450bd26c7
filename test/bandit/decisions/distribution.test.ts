import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawArm, withFloors } from '../../../bandit/decisions/distribution.ts'
import { createPolicy } from '../../../bandit/policies/by-name.ts'
import { createKey, uniformFromKey } from '../../../bandit/random.ts'
import { chiSquare, oncePerMillion } from '../support/chi-square.ts'
import { uniformSource } from '../support/random-source.ts'

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
const parts = (...values: number[]) => Float64Array.from(values)

/** A distribution and floors that leave the arms `spare` of 1 to share, zeros among both. */
const anyDistributionAndFloors = fc
  .tuple(
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
        maxLength: 30,
      },
    ),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .filter(([pairs]) => pairs.some(([weight]) => weight > 1e-3) && pairs.some(([, floor]) => floor > 1e-3))
  .map(([pairs, reserved]) => {
    const weights = Float64Array.from(pairs, ([weight]) => weight)
    const floors = Float64Array.from(pairs, ([, floor]) => floor)
    return {
      distribution: weights.map((weight) => weight / total(weights)),
      floors: floors.map((floor) => (floor / total(floors)) * reserved),
    }
  })

describe('floors', () => {
  test('lift the arms below them at the cost of those above, in proportion to what they have above', () => {
    // Above the floors: 0.7, 0.15, 0; 0.85 in all, of which 0.8 is there to share.
    const floored = withFloors(parts(0.8, 0.2, 0), parts(0.1, 0.05, 0.05))
    expect(floored[0]).toBeCloseTo(0.1 + (0.7 * 0.8) / 0.85, 15)
    expect(floored[1]).toBeCloseTo(0.05 + (0.15 * 0.8) / 0.85, 15)
    expect(floored[2]).toBeCloseTo(0.05, 15)
  })

  test('of zero, or below what the arms have anyway, change nothing', () => {
    expect([...withFloors(parts(0.5, 0.25, 0.25), parts(0, 0, 0))]).toEqual([0.5, 0.25, 0.25])
    expect([...withFloors(parts(0.5, 0.25, 0.25), parts(0.25, 0.125, 0.125))]).toEqual([0.5, 0.25, 0.25])
  })

  test('that sum to 1 are the distribution, rounding or no rounding', () => {
    expect([...withFloors(parts(1, 0, 0), parts(0.5, 0.25, 0.25))]).toEqual([0.5, 0.25, 0.25])
    const tenths = Float64Array.from({ length: 10 }, () => 0.1)
    for (const distribution of [tenths, parts(1, ...new Float64Array(9))]) {
      const floored = withFloors(distribution, tenths)
      for (const propensity of floored) expect(propensity).toBeCloseTo(0.1, 14)
    }
    expect(0.33 + 0.56 + 0.11).toBeGreaterThan(1)
    expect([...withFloors(parts(0, 1, 0), parts(0.33, 0.56, 0.11))]).toEqual([0.33, 0.56, 0.11])
  })

  test.each([
    { name: 'more than 1', floors: parts(0.6, 0.6) },
    { name: 'below 0', floors: parts(-0.1, 0.1) },
    { name: 'NaN', floors: parts(Number.NaN, 0.1) },
    { name: 'one too few', floors: parts(0.1) },
  ])('$name are refused', ({ floors }) => {
    expect(() => withFloors(parts(0.5, 0.5), floors)).toThrow(RangeError)
  })

  test('are kept, sum to 1, and never reorder two arms with the same floor', () => {
    fc.assert(
      fc.property(anyDistributionAndFloors, ({ distribution, floors }) => {
        const floored = withFloors(distribution, floors)
        expect(Math.abs(total(floored) - 1)).toBeLessThan(1e-14)
        for (const [arm, propensity] of floored.entries()) {
          expect(propensity).toBeGreaterThanOrEqual(floors[arm]! * (1 - 1e-15))
          expect(propensity).toBeLessThanOrEqual(Math.max(distribution[arm]!, floors[arm]!) + 1e-15)
        }
      }),
      { numRuns: 500, seed: 9 },
    )
  })
})

describe('a draw', () => {
  test('falls on the arm whose stretch of [0, 1) holds u', () => {
    const distribution = parts(0.25, 0.5, 0.25)
    const drawn = [0, 0.2499999, 0.25, 0.7499999, 0.75, 1 - 2 ** -53].map((u) => drawArm(distribution, u))
    expect(drawn).toEqual([0, 0, 1, 1, 2, 2])
  })

  test('never falls on an arm with propensity 0, not even at the ends or past a sum that rounding left short', () => {
    expect(drawArm(parts(0, 1, 0), 0)).toBe(1)
    expect(drawArm(parts(0, 1, 0), 1 - 2 ** -53)).toBe(1)
    expect(drawArm(parts(0.3, 0, 0.6999999, 0), 0.99999999)).toBe(2)
  })

  test('from nothing is refused', () => {
    expect(() => drawArm(parts(0, 0), 0.5)).toThrow(RangeError)
    expect(() => drawArm(parts(), 0.5)).toThrow(RangeError)
  })

  test('always has a positive propensity', () => {
    const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(anyDistributionAndFloors, u, ({ distribution }, at) => {
        expect(distribution[drawArm(distribution, at)]).toBeGreaterThan(0)
      }),
      { numRuns: 500, seed: 10 },
    )
  })

  test('a million of them match the floored propensities; right code fails for one seed in a million', () => {
    const arms = [20, 15, 25, 3].map((sum) => ({
      name: 'arm',
      count: 100,
      sum,
      sumOfSquares: sum,
      importanceSum: 0,
      successes: sum,
      pending: 0,
    }))
    const distribution = withFloors(
      createPolicy({ name: 'thompson' }).distribution(arms),
      parts(0.01, 0.05, 0, 0.02),
    )
    const uniform = uniformSource(21)
    const bytes = new Uint8Array(12)
    const counts = arms.map(() => 0)
    for (let draw = 0; draw < 1_000_000; draw++) {
      const key = createKey(() => bytes.map(() => uniform() * 256))
      counts[drawArm(distribution, uniformFromKey(key))]!++
    }
    expect(chiSquare(counts, distribution)).toBeLessThan(oncePerMillion[3]!)
  })
})
