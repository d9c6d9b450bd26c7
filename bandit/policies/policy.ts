import type { LinearSums } from '../linear/sums.ts'
import type { BetaPrior } from '../beliefs/posterior.ts'

/** What a policy may know of one arm: sums in natural units, already weighted to the present. */
export interface ArmBelief {
  readonly name: string
  /** Effective number of rewards, ≥ 0; not an integer when old rewards fade. */
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  /** Σ r/p, p the propensity of the decision as it was logged. */
  readonly importanceSum: number
  /** Σ b, where b is 1 with probability r and else 0. */
  readonly successes: number
  /** Pulls that still wait for their reward. */
  readonly pending: number
  /** Belief before the first reward, where the arm has one of its own. */
  readonly prior?: BetaPrior
  /** Sums over contexts, where the endpoint declares any. */
  readonly linear?: LinearSums
}

/**
 * The rule that chooses. Pure: no clock, no client, no hidden state. Its answer is a distribution, so that what
 * is logged as propensity is what was acted on.
 */
export interface Policy {
  readonly name: string
  /** True when pending pulls change the answer, so that it must be asked for each decision. */
  readonly usesPending: boolean
  /** True when the context of the request changes the answer; such a policy has to be given its features. */
  readonly usesContext?: true
  /** One propensity per arm in the order given, each ≥ 0, summing to 1. `arms` is never empty. */
  distribution(arms: readonly ArmBelief[], features?: Float64Array): Float64Array
}
