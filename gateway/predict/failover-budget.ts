import { savedAtFirst, type RetryBudget } from '../upstream/calls/retry-budget.ts'

/**
 * Holds the tries by another arm to a fifth of the predictions of an endpoint, together with those by another replica. None
 * is refused, as whoever waits for it has done nothing: the arm that costs too many is left out until what comes in has
 * paid for them. A breaker looks at each replica by itself; this looks at what an arm costs the others, whatever its fault is.
 */
export interface FailoverBudget {
  /** A prediction is asked for. */
  called(): void
  /** Another arm has to be asked, as this one failed. True when the arm is left out from now on. */
  failed(arm: string, reason: Error): boolean
  /** Arms that are left out. */
  resting(): ReadonlySet<string>
}

/** @param rested told of each arm that is left out from now on, and its last fault */
export function createFailoverBudget(
  budget: RetryBudget,
  rested?: (arm: string, reason: Error) => void,
): FailoverBudget {
  const resting = new Set<string>()
  return {
    called() {
      budget.called()
      if (resting.size > 0 && budget.saved() >= savedAtFirst) resting.clear()
    },
    failed(arm, reason) {
      budget.owe()
      if (budget.saved() >= 1 || resting.has(arm)) return false
      resting.add(arm)
      rested?.(arm, reason)
      return true
    },
    resting: () => resting,
  }
}
