import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokenBuckets } from '../../../../gateway/security/limits/token-buckets.ts'

test('a burst at once, then one for each that comes back', () => {
  let now = 0
  const { take } = createTokenBuckets(() => now)
  const rate = { perSecond: 10, burst: 3 }
  expect([1, 2, 3, 4].map(() => take('a', rate))).toEqual([0, 0, 0, 100])
  expect(take('b', rate)).toBe(0)
  now = 99
  expect(take('a', rate)).toBeGreaterThan(0)
  now = 100
  expect([take('a', rate), take('a', rate)]).toEqual([0, 100])
})

test('debt is waited off', () => {
  let now = 0
  const { take } = createTokenBuckets(() => now)
  const rate = { perSecond: 100, burst: 10 }
  expect(take('a', rate, 1000)).toBe(0)
  expect(take('a', rate)).toBeCloseTo(9910)
  now = 9910
  expect(take('a', rate)).toBe(0)
})

test('in no span more than the burst and what has come back meanwhile', () => {
  const step = fc.record({ wait: fc.nat(50), asks: fc.nat(20) })
  fc.assert(
    fc.property(
      fc.array(step),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 200 }),
      (steps, burst, perSecond) => {
        let now = 0
        let got = 0
        const { take } = createTokenBuckets(() => now)
        for (const { wait, asks } of steps) {
          now += wait
          for (let i = 0; i < asks; i++) if (take('a', { perSecond, burst }) === 0) got++
          expect(got).toBeLessThanOrEqual(burst + (now * perSecond) / 1000 + 1e-6)
        }
      },
    ),
    { seed: 7, numRuns: 200 },
  )
})

test('owners that callers make up fill no memory; the quiet are forgotten first', () => {
  const { take } = createTokenBuckets(() => 0, 2)
  const rate = { perSecond: 1, burst: 1 }
  expect([take('a', rate), take('b', rate), take('a', rate), take('c', rate)]).toEqual([0, 0, 1000, 0])
  expect([take('a', rate), take('b', rate)]).toEqual([1000, 0])
})
