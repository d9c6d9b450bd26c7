/** What a policy may know of one arm: sums in natural units, already weighted to the present. */
export interface ArmBelief {
  readonly name: string
  /** Effective number of rewards, ≥ 0; not an integer under a half-life. */
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  /** Pulls that still wait for their reward. */
  readonly pending: number
}

/**
 * The rule that chooses. Pure: no clock, no client, no hidden state. Its answer is a distribution, so that what
 * is logged as propensity is what was acted on.
 */
export interface Policy {
  readonly name: string
  /** True when pending pulls change the answer, so that it must be asked for each decision. */
  readonly usesPending: boolean
  /** One propensity per arm in the order given, each ≥ 0, summing to 1. `arms` is never empty. */
  distribution(arms: readonly ArmBelief[]): Float64Array
}
