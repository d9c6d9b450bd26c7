import { expect, test } from 'vitest'
import { maxTries, parseRetryAfter, retryDelayMs } from '../../../../gateway/events/webhooks/retry.ts'

test('waits up to three times as long after each try, at random, for some two hours at the most', () => {
  const longest = Array.from({ length: maxTries - 1 }, (_, index) => retryDelayMs(index + 1, 1))
  expect(longest).toEqual([10_000, 30_000, 90_000, 270_000, 810_000, 2_400_000, 2_400_000])
  expect(longest.reduce((sum, ms) => sum + ms) / 60_000).toBeCloseTo(100.2, 1)
  expect(retryDelayMs(3, 0.5)).toBe(45_000)
  expect(retryDelayMs(3, 0)).toBe(0)
})

test('waits as long as it is asked to, up to an hour', () => {
  expect(retryDelayMs(1, 0.5, 7000)).toBe(7000)
  expect(retryDelayMs(1, 0.5, 1)).toBe(5000)
  expect(retryDelayMs(1, 0.5, 1e12)).toBe(3_600_000)
})

test.each([
  [undefined, undefined],
  ['120', 120_000],
  ['soon', undefined],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 20_000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 0],
])('Retry-After %s, ten seconds after 1970, is %s', (text, ms) => {
  expect(parseRetryAfter(text, 10_000)).toBe(ms)
})
