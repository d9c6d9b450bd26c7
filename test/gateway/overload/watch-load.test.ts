import { expect, onTestFinished, test } from 'vitest'
import type { LoadSample } from '../../../gateway/overload/shedder.ts'
import { meanDelayMs, watchLoad } from '../../../gateway/overload/watch-load.ts'
import { waitUntil } from '../../support/wait-until.ts'

test('a loop that is blocked is seen within a second', async () => {
  const samples: LoadSample[] = []
  onTestFinished(watchLoad((sample) => samples.push(sample)))
  await waitUntil(() => samples.length >= 1, { what: 'the first look' })
  // The mean of the look that it falls into, among some 25 ticks of that.
  const until = performance.now() + 800
  while (performance.now() < until);
  await waitUntil(() => samples.some(({ loopDelayMs }) => loopDelayMs > 8), {
    what: 'it is seen',
    timeoutMs: 2000,
  })
  expect(samples.every(({ residentBytes }) => residentBytes > 1e6)).toBe(true)
  expect(samples.every(({ utilisation }) => utilisation >= 0 && utilisation <= 1)).toBe(true)
})

test.each([
  ['nothing is late', { count: 24, mean: 10e6 }, 250, 0],
  ['each tick is late', { count: 2, mean: 120e6 }, 250, 110],
  ['one tick of many is', { count: 20, mean: 25e6 }, 500, 15],
  ['a pause ended with the look', { count: 1, mean: 10e6 }, 310, 145],
  ['there was nothing but a pause', { count: 0, mean: NaN }, 300, 290],
])('how late the loop is where %s', (_, ticks, spanMs, expected) => {
  expect(meanDelayMs(ticks, spanMs)).toBeCloseTo(expected, 9)
})
