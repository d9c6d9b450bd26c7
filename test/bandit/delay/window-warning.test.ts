import { expect, test } from 'vitest'
import { binCount, binsInWindow, edgeOf } from '../../../bandit/delay/bins.ts'
import { warnOfWindow } from '../../../bandit/delay/window-warning.ts'

const windowMs = 10_000

/** `sum` rewards within the window, and `late` in the bin that is `after` it. */
function arm(name: string, count: number, sum: number, late = 0, after = 3) {
  const rewards = new Float64Array(binCount)
  rewards[binsInWindow - 1] = sum
  rewards[binsInWindow + after] = late
  return { name, count, sum, rewards }
}

test('names the arms, what is hidden of each, and the shortest window that would tell', () => {
  const arms = [arm('slow', 1000, 380, 220), arm('quick', 1000, 500, 10, 0)]
  const warning = warnOfWindow(arms, windowMs, 0)!
  expect(warning).toMatchObject({
    best: 'quick',
    better: 'slow',
    flipsAtMs: edgeOf(binsInWindow + 3, windowMs),
  })
  expect(warning.arms[0]).toEqual({ name: 'slow', hiddenShare: expect.closeTo(220 / 600, 12) })
  expect(warning.arms[1]).toEqual({ name: 'quick', hiddenShare: expect.closeTo(10 / 510, 12) })
  expect(warning.detail).toContain('at least 37 % of the rewards of slow come after the window of 10 s')
  expect(warning.detail).toContain('with a window of 40 s')
})

test('is silent where nothing flips, where it is chance, and before anything is known', () => {
  expect(warnOfWindow([arm('slow', 1000, 380, 100), arm('quick', 1000, 500)], windowMs, 0)).toBeUndefined()
  expect(warnOfWindow([arm('best', 1000, 600, 300), arm('other', 1000, 500)], windowMs, 0)).toBeUndefined()
  expect(warnOfWindow([arm('slow', 10, 4, 2), arm('quick', 1000, 550)], windowMs, 0)).toBeUndefined()
  expect(warnOfWindow([arm('a', 0, 0), arm('b', 0, 0)], windowMs, 0)).toBeUndefined()
  expect(warnOfWindow([], windowMs, undefined)).toBeUndefined()
})

test('without a default a late reward was no decision that was learned', () => {
  // All that reported in time was a half; what came late were only successes.
  const arms = [arm('slow', 1000, 500, 900), arm('quick', 1000, 600)]
  expect(warnOfWindow(arms, windowMs, undefined)).toMatchObject({ better: 'slow' })
  const fewer = [arm('slow', 1000, 500, 100), arm('quick', 1000, 600)]
  expect(warnOfWindow(fewer, windowMs, undefined)).toBeUndefined()
})
