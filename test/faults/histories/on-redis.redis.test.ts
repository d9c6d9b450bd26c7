import { expect, test } from 'vitest'
import { runHistories } from '../histories.ts'

/** Ten thousand of them are run by hand; 200 take some 40 s. */
test('whatever the network does, Redis ends with every event once', async () => {
  const report = await runHistories(200, 20_261_122, 'redis')
  expect(report.wrong).toEqual([])
  expect(report.met.journalled).toBeGreaterThan(100)
}, 180_000)
