import { createRetryBudget, type RetryBudget } from './retry-budget.ts'

/** What one endpoint may ask of its models, whichever arm they are behind. */
export interface Lane {
  /** Calls of it that may wait for a replica at once; one that need not wait is no more. */
  readonly limit: number
  /** Calls of it that wait. */
  waiting: number
  /** Of all tries beyond the first: by another replica, or by another arm. */
  readonly budget: RetryBudget
}

export function createLane(limit: number, budget: RetryBudget = createRetryBudget()): Lane {
  return { limit, waiting: 0, budget }
}
