/** Keeps second tries from multiplying the load on a model that fails all the time. */
export interface RetryBudget {
  /** A call is made for the first time. */
  called(): void
  /** Whether one more call may get a second try; it has it then. */
  take(): boolean
}

const share = 0.2
const atFirst = 16
/** As many as wait for a model by default: when one replica of several breaks down, all that it had are tried again. */
const most = 128

/**
 * Every call earns a fifth of a second try, and up to 128 are saved: over time a model gets 1.2 times the calls that
 * come in, however it fails. Counted by calls and not by what is under way at a moment, because a replica breaks down
 * under a whole batch at once.
 */
export function createRetryBudget(): RetryBudget {
  let saved = atFirst
  return {
    called: () => void (saved = Math.min(most, saved + share)),
    take() {
      if (saved < 1) return false
      saved--
      return true
    },
  }
}
