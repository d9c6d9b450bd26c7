import type { EndpointStore, JournalProgress } from '../store/store.ts'

export interface MarkForgettingDeps {
  readonly store: Pick<EndpointStore, 'forgetMarks'>
  readonly clock: () => number
  /** How far this gateway's journal has come; undefined where there is none. */
  readonly journal?: (() => JournalProgress) | undefined
  /** Told of each journal that the store waits for no longer. */
  readonly givenUp?: ((journal: string) => void) | undefined
}

const everyMs = 5000

/** Has the store let go of marks that nobody can need any more, every few seconds. */
export function createMarkForgetting({
  store,
  clock,
  journal,
  givenUp = () => undefined,
}: MarkForgettingDeps) {
  let askedAt = -Infinity
  let overdueMs = 0

  return {
    /** Rejects with a StoreUnavailable. */
    async turn(): Promise<void> {
      // Below 0 the clock was put back, and nobody knows for how long.
      const sinceMs = clock() - askedAt
      if (sinceMs >= 0 && sinceMs < everyMs) return
      const forgotten = await store.forgetMarks(journal?.())
      askedAt = clock()
      overdueMs = forgotten.overdueMs
      for (const name of forgotten.givenUp) givenUp(name)
    },
    /** For how long marks are kept beyond their time, as of the last turn. */
    overdueMs: () => overdueMs,
  }
}
