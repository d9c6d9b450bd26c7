import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withCaps, withFloors } from '../../../bandit/decisions/distribution.ts'

const shares = (...values: number[]) => Float64Array.from(values)
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12))
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

describe('caps', () => {
  test('that nobody reaches change nothing', () => {
    const distribution = shares(0.5, 0.3, 0.2)
    expect(withCaps(distribution, shares(0.5, 1, 0.2))).toBe(distribution)
  })

  test('give what is above them to the others by what those have', () => {
    expect([...withCaps(shares(0.8, 0.15, 0.05), shares(0.6, 1, 1))]).toEqual(close([0.6, 0.3, 0.1]))
  })

  test('that others reach by it pass it on', () => {
    // 0.6 goes round: 0.45 and 0.15 would be theirs, but the second has room for 0.3 in all.
    expect([...withCaps(shares(0.8, 0.15, 0.05), shares(0.2, 0.3, 1))]).toEqual(close([0.2, 0.3, 0.5]))
  })

  test('leave it to arms that have nothing where no other is left, by their own caps', () => {
    expect([...withCaps(shares(1, 0, 0), shares(0.4, 1, 0.5))]).toEqual(close([0.4, 0.4, 0.2]))
  })

  test('that sum to less than 1 give way in proportion', () => {
    expect([...withCaps(shares(0.9, 0.1), shares(0.1, 0.3))]).toEqual(close([0.25, 0.75]))
    expect([...withCaps(shares(1), shares(0))]).toEqual([1])
  })

  test('and floors hold together, whatever the distribution', () => {
    const anyArm = fc.record({
      weight: fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1, noNaN: true })),
      floor: fc.double({ min: 0, max: 1, noNaN: true }),
      cap: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(anyArm, { minLength: 2, maxLength: 8 }), (arms) => {
        const weights = Float64Array.from(arms, ({ weight }) => weight + 1e-12)
        const distribution = weights.map((weight) => weight / total(weights))
        const floors = Float64Array.from(arms, ({ floor }) => floor / arms.length)
        const caps = Float64Array.from(arms, ({ cap }, at) => Math.min(1, floors[at]! + cap))
        fc.pre(total(caps) > 1)
        const bounded = withCaps(withFloors(distribution, floors), caps)
        expect(Math.abs(total(bounded) - 1)).toBeLessThan(1e-9)
        for (const [at, propensity] of bounded.entries()) {
          expect(propensity).toBeGreaterThanOrEqual(floors[at]! - 1e-9)
          expect(propensity).toBeLessThanOrEqual(caps[at]! + 2e-9)
        }
      }),
      { seed: 101, numRuns: 1000 },
    )
  })
})
