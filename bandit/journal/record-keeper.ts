import type { AwayRecord } from '../ledger/ledger.ts'
import type { Availability } from './availability.ts'
import type { Journal } from './journal.ts'

export interface RecordKeeperDeps {
  readonly journal: Pick<Journal, 'keepRecord'>
  readonly availability: Pick<Availability, 'lost'>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/**
 * Keeps decision records in the journal while the store is away. Feedback about them is journalled too from then on, so
 * that none comes to the store before they do.
 */
export function createRecordKeeper({ journal, availability, clock }: RecordKeeperDeps) {
  return async (endpoint: string, { key, value, ttlMs }: AwayRecord, reason: Error): Promise<void> => {
    await journal.keepRecord({ endpoint, key, value, until: clock() + ttlMs })
    availability.lost(reason)
  }
}
