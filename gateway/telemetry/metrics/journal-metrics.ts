import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { JournalState } from '../../../bandit/index.ts'

export interface JournalMetrics {
  /** From now on gauges show this journal. */
  watch(state: () => JournalState): void
  /** From the call to the disk. */
  committed(seconds: number): void
  replayed(outcome: string): void
  /** Feedback could not be journalled for the first time after it could. */
  failed(): void
}

const commitSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

export function createJournalMetrics(registry: Registry): JournalMetrics {
  const registers = [registry]
  let watched: (() => JournalState) | undefined

  const entries = new Gauge({
    name: 'bandit_journal_entries',
    help: 'Feedback in the journal: waiting for the store, or kept for a while after it was there; and decision records that wait',
    labelNames: ['state'],
    registers,
    collect() {
      // 0 where there is none, so that what is asked about it has an answer everywhere.
      const { unsettled, settled, records } = watched?.() ?? { unsettled: 0, settled: 0, records: 0 }
      entries.set({ state: 'unsettled' }, unsettled)
      entries.set({ state: 'settled' }, settled)
      entries.set({ state: 'records' }, records)
    },
  })
  const bytes = new Gauge({
    name: 'bandit_journal_bytes',
    help: 'Size of what is in the journal',
    registers,
    collect() {
      bytes.set(watched?.().bytes ?? 0)
    },
  })
  const commits = new Histogram({
    name: 'bandit_journal_commit_seconds',
    help: 'Time until a feedback was on the disk, many at once',
    buckets: commitSeconds,
    registers,
  })
  const replayed = new Counter({
    name: 'bandit_journal_replayed_total',
    help: 'Journalled feedback given to the store, by what became of it; lost = it came when nobody knew any more what had been counted',
    labelNames: ['outcome'],
    registers,
  })
  // An alert takes its increase.
  replayed.inc({ outcome: 'lost' }, 0)
  const failures = new Counter({
    name: 'bandit_journal_failures_total',
    help: 'Times that the journal could no longer be written: full, or its disk failing',
    registers,
  })

  return {
    watch: (state) => void (watched = state),
    committed: (seconds) => commits.observe(seconds),
    replayed: (outcome) => replayed.inc({ outcome }),
    failed: () => failures.inc(),
  }
}
