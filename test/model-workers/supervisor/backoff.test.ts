import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from '../../../model-workers/supervisor/backoff.ts'

test('the delay is anywhere below a bound that doubles from 0.1 to 30 s', () => {
  fc.assert(
    fc.property(
      fc.nat(2000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const delay = backoffMs(attempt, () => random)
        const bound = Math.min(30_000, 100 * 2 ** attempt)
        return delay >= 0 && delay <= bound && delay === random * bound
      },
    ),
  )
  expect([0, 1, 8, 9, 5000].map((attempt) => backoffMs(attempt, () => 0.5))).toEqual([
    50, 100, 12_800, 15_000, 15_000,
  ])
})
