import { expect, test } from 'vitest'
import { runHistories } from '../faults/histories.ts'

/** Ten thousand of them are run by hand. */
test('whoever is killed and whatever fails, a SQLite store ends with every event once', async () => {
  const { wrong, met } = await runHistories(200, 20_261_123, 'sqlite')
  expect(wrong).toEqual([])
  // The rarest of them, to be killed, comes a dozen times: not at all once in 100,000 runs.
  for (const what of ['killed', 'lost', 'full', 'busy', 'late']) expect(met[what], what).toBeGreaterThan(0)
}, 180_000)
