/** Keeps tries beyond the first from multiplying the load. */
export interface RetryBudget {
  /** A call is made for the first time. */
  called(): void
  /** Whether one more call may get a second try; it has it then. */
  take(): boolean
  /** A call gets one in any case: it is paid for later. */
  owe(): void
  /** Second tries that are paid for; below 0 while some are not. */
  saved(): number
}

const share = 0.2
/** That are there from the first. */
export const savedAtFirst = 3
/** As many as wait for a model by default: when one replica of several breaks down, all that it had are tried again. */
const most = 128

/**
 * Every call earns a fifth of a second try, and up to 128 are saved: at any time no more than 1.2 times the calls that came
 * in are made, and 3, but for those that are owed. Counted by calls and not by what is under way at a moment, because a
 * replica breaks down under a whole batch at once.
 */
export function createRetryBudget(): RetryBudget {
  let saved = savedAtFirst
  return {
    called: () => void (saved = Math.min(most, saved + share)),
    take() {
      // Fifths do not add up to whole numbers.
      if (saved < 1 - 1e-9) return false
      saved--
      return true
    },
    owe: () => void saved--,
    saved: () => saved,
  }
}
