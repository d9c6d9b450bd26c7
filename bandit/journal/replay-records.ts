import type { EndpointStore } from '../store/store.ts'
import type { AwaitedRecord, Journal } from './journal.ts'
import type { WrittenRecord } from './written-records.ts'

export interface RecordReplayDeps {
  readonly journal: Pick<Journal, 'records' | 'dropRecords'>
  readonly endpoints: ReadonlyMap<string, { readonly store: Pick<EndpointStore, 'recordDecision'> }>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** For which a record is there at the least, for the feedback of this journal and others. */
const leastMs = 300_000

/** Under way to the store at a time. */
const batchSize = 64

/**
 * Brings the decision records of an outage to the store, before any feedback that is judged by them. What is there under
 * a key already stands. Resolves to how many there were; rejects with a StoreUnavailable, and what is left stays.
 */
export async function replayRecords({ journal, endpoints, clock }: RecordReplayDeps): Promise<number> {
  async function give({ endpoint, key, value, until }: AwaitedRecord): Promise<void> {
    // The window may be over, and feedback that was accepted within it still be on its way.
    const ttlMs = Math.max(until - clock(), leastMs)
    // None for an endpoint that is no more.
    await endpoints.get(endpoint)?.store.recordDecision(key, value, ttlMs)
  }

  let given = 0
  for (;;) {
    // While nobody knows whether the store takes anything, one record tries.
    const waiting = journal.records(given === 0 ? 1 : batchSize)
    if (waiting.length === 0) return given
    const results = await Promise.allSettled(waiting.map(give))
    for (const result of results) if (result.status === 'rejected') throw result.reason
    await journal.dropRecords(waiting.map(({ id }) => id))
    given += waiting.length
  }
}

interface GivenBackDeps {
  readonly records: readonly WrittenRecord[]
  readonly endpoints: RecordReplayDeps['endpoints']
}

/**
 * Writes once more what this gateway has recorded last: feedback about it would else be unknown to a store that has lost
 * it. What is there under a key already stands. Rejects with a StoreUnavailable.
 */
export async function giveRecordsBack({ records, endpoints }: GivenBackDeps): Promise<void> {
  async function give({ endpoint, key, value, ttlMs }: WrittenRecord): Promise<void> {
    await endpoints.get(endpoint)?.store.recordDecision(key, value, ttlMs)
  }

  for (let from = 0; from < records.length; from += batchSize) {
    const results = await Promise.allSettled(records.slice(from, from + batchSize).map(give))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
