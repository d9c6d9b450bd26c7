import { expect, test } from 'vitest'
import { runHistories } from '../faults/histories.ts'

/** Ten thousand of them are run by hand. */
test('whoever is killed and whatever fails, a SQLite store ends with every event once', async () => {
  const { wrong, met } = await runHistories(200, 20_261_123, 'sqlite')
  expect(wrong).toEqual([])
  // Chance has come by everything, by its seed; but who dies first depends on the machine.
  for (const what of ['killed', 'lost', 'full', 'busy', 'late']) expect(met[what], what).toBeGreaterThan(3)
}, 180_000)
