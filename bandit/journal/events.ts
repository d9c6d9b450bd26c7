import type { FeedbackOutcome } from '../types.ts'

/** What the journal has to tell: each once for every change, but for `replayed`. */
export interface JournalEvents {
  /** From now on feedback is journalled and answered before the store has it. */
  away(reason: Error): void
  /** The store has everything again that waited for it. */
  drained(entries: number, records: number): void
  /** The store is another than before: what it may have lost is given to it again. */
  restoring(names: readonly string[]): void
  restored(outcomes: Readonly<Record<string, number>>): void
  /** An entry has gone to the store; `first` unless it had been there before. */
  replayed(outcome: FeedbackOutcome, first: boolean): void
  /** Feedback cannot be journalled and is taken only while the store is there. */
  failing(error: Error): void
  recovered(): void
  /** A fault of ours; the entry, if it was one, is left for the next start. */
  fault(error: unknown, entry?: number): void
}
