import type { ArmBelief } from '../../../bandit/policies/policy.ts'

/** An arm with `count` rewards that sum to `sum`, each of them 0 or 1. */
export function belief(count: number, sum: number, more: Partial<ArmBelief> = {}): ArmBelief {
  return {
    name: 'arm',
    count,
    sum,
    sumOfSquares: sum,
    importanceSum: sum,
    successes: sum,
    pending: 0,
    ...more,
  }
}
