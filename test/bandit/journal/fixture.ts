import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Accepted, Journal } from '../../../bandit/journal/journal.ts'
import { openJournal, type OpenJournalDeps } from '../../../bandit/journal/open-journal.ts'
import { tempDir } from '../../support/temp-dir.ts'

const keepMs = 600_000

/** A journal on a file of its own, closed with the running test. */
export async function newJournal(
  deps: Partial<OpenJournalDeps> = {},
): Promise<{ readonly path: string; readonly journal: Journal }> {
  const path = deps.path ?? join(await tempDir(), 'journal.db')
  const journal = await openJournal({ maxBytes: 1024 ** 3, keepMs, clock: Date.now, ...deps, path })
  const closeOnce = journal.close.bind(journal)
  let closed: Promise<void> | undefined
  journal.close = () => (closed ??= closeOnce())
  onTestFinished(() => journal.close())
  return { path, journal }
}

export const feedback = (number: number, changed: Partial<Accepted> = {}): Accepted => ({
  predictionId: `prediction-${number}`,
  reward: 1,
  eventId: '',
  acceptedAt: 1_000_000 + number,
  ...changed,
})
