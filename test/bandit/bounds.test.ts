import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromShare, isWithin, roundedFromShare, toShare, unitBounds } from '../../bandit/bounds.ts'
import { fromMicro, toMicro } from '../../bandit/beliefs/statistics.ts'

test('a reward becomes its share of the range and comes back', () => {
  const bounds = { low: -50, high: 150 }
  expect([-50, 0, 150].map((reward) => toShare(reward, bounds))).toEqual([0, 0.25, 1])
  expect([0, 0.25, 1].map((share) => fromShare(share, bounds))).toEqual([-50, 0, 150])
})

test('what a millionth of the range cannot tell apart is not shown', () => {
  const stored = (reward: number, bounds: typeof unitBounds) =>
    roundedFromShare(fromMicro(toMicro(toShare(reward, bounds))), bounds)
  expect(stored(3, { low: -5, high: 10 })).toBe(3)
  expect(stored(19.99, { low: 0, high: 1000 })).toBe(19.99)
  expect(stored(0.123_456_4, unitBounds)).toBe(0.123456)
  expect(stored(123_456_789, { low: 0, high: 1e12 })).toBe(123_000_000)
})

test('every reward within the bounds is a share, and the ends are too', () => {
  const ends = fc
    .tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-3, max: 1e9, noNaN: true }))
    .map(([low, range]) => ({ low, high: low + range }))
  fc.assert(
    fc.property(ends, fc.double({ min: 0, max: 1, noNaN: true }), (bounds, at) => {
      const reward = Math.min(bounds.high, bounds.low + at * (bounds.high - bounds.low))
      expect(isWithin(reward, bounds)).toBe(true)
      expect(() => toMicro(toShare(reward, bounds))).not.toThrow()
      expect([toShare(bounds.low, bounds), toShare(bounds.high, bounds)]).toEqual([0, 1])
    }),
    { seed: 121 },
  )
  expect([Number.NaN, Infinity, 1.1, -0.1].some((reward) => isWithin(reward, unitBounds))).toBe(false)
})
