import { expect, onTestFinished, test } from 'vitest'
import type { LoadSample } from '../../../gateway/overload/shedder.ts'
import { watchLoad } from '../../../gateway/overload/watch-load.ts'
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
