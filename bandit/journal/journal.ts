import type { Stamp } from '../store/checkpoint.ts'
import type { JournalProgress } from '../store/store.ts'
import type { Feedback } from '../types.ts'

/**
 * What this gateway has accepted, kept on its own disk until the store has had it for a while. An entry is unsettled
 * until something has become of it in the store; a settled one stays for some minutes more, because a store that fails
 * over can lose what it had acknowledged.
 */
export interface Journal {
  /**
   * On the disk once it resolves; in the caller's hands until `settle`, `forget` or `release`. Rejects with a
   * StoreUnavailable when the journal is full or its disk fails.
   */
  append(feedback: Accepted): Promise<number>
  /** The store has it. Written with the next transaction: a crash before that only means one replay more. */
  settle(id: number, kept?: Kept): void
  /** Nothing was counted and its sender knows. */
  forget(id: number): void
  /** It stays unsettled, for `unsettled` to find. */
  release(id: number): void
  /** It stays unsettled, but for nobody to find before another start. */
  setAside(id: number): void
  /** In the order of acceptance, above id `after`, without those in somebody's hands. */
  unsettled(after: number, limit: number): readonly Entry[]
  settled(after: number, limit: number): readonly Entry[]
  /** How far it has come with what it can bring. */
  progress(): JournalProgress
  /** The store's identities under which everything settled is known to be there, by name. */
  identities(): ReadonlyMap<string, string>
  keepIdentities(identities: ReadonlyMap<string, string>): Promise<void>
  /** A decision record that the store cannot take now; on the disk once it resolves. Rejects as `append` does. */
  keepRecord(record: AwaitedRecord): Promise<void>
  /** Those, in the order of their coming. */
  records(limit: number): readonly (AwaitedRecord & { readonly id: number })[]
  /** The store has them, or their time is over. */
  dropRecords(ids: readonly number[]): Promise<void>
  /** At that moment the store still had everything settled. Entries settled long enough before it may go. */
  confirm(at: number): void
  /** Writes what is left to write. */
  flush(): Promise<void>
  state(): JournalState
  close(): Promise<void>
}

/** Feedback with the moment that its window is judged by. */
export type Accepted = Feedback & { readonly acceptedAt: number }

/**
 * For feedback that is not learned in the order of its coming. Whoever did not say when an event happened meant the
 * moment of sending; said again or after newer ones, it must not count as news.
 */
export function dated(feedback: Accepted): Accepted {
  const { at = feedback.acceptedAt } = feedback
  return { ...feedback, at }
}

export interface Entry {
  readonly id: number
  readonly feedback: Accepted
  readonly record?: KeptRecord
  /**
   * Where the store has it, or had it in data that it lost; absent where it is not known to have it, and for what an
   * earlier release has settled.
   */
  readonly stamps?: readonly Stamp[]
}

/** What an entry keeps of the moment when it was settled; what is absent stays as it was. */
export interface Kept {
  readonly record?: KeptRecord | undefined
  readonly stamps?: readonly Stamp[] | undefined
}

/** The decision record that the feedback was judged by, as the store had it. */
export interface KeptRecord {
  readonly endpoint: string
  readonly key: string
  readonly value: string
}

/** A record that the store has yet to get. */
export interface AwaitedRecord extends KeptRecord {
  /** End of its life, in ms since 1970. */
  readonly until: number
}

export interface JournalState {
  readonly unsettled: number
  readonly settled: number
  /** Decision records that wait for the store. */
  readonly records: number
  /** Of the file that are in use. */
  readonly bytes: number
}
