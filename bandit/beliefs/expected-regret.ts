/** What is believed to be lost by not always playing the best arm, in the unit of the rewards. */
export interface ExpectedRegret {
  /** Of the next decision. */
  readonly perDecision: number
  /** Of all decisions so far; absent where the best arm depends on the context of each. */
  readonly sinceStart?: number
}

interface PlayedArm {
  /** E θ_a */
  readonly mean: number
  /** p_a, its propensity with every arm available. */
  readonly share: number
  /** n_a, decisions that were answered and shown. */
  readonly shown: number
}

/**
 * E[max_b θ_b] − Σ_a p_a E[θ_a] for the next decision and Σ_a n_a (E[max_b θ_b] − E[θ_a]) for those made, both under
 * what is believed now: the posterior expectation of max_b θ_b − θ_a, which is what D. Russo and B. Van Roy, Learning
 * to Optimize via Information-Directed Sampling, Operations Research 66 (2018), call the expected regret Δ_t(a).
 * It falls to 0 as it becomes certain that the best arm gets the traffic; what an arm is kept for by a least share
 * stays in it.
 *
 * @param largest E[max_b θ_b]
 */
export function expectedRegret(
  largest: number,
  arms: readonly PlayedArm[],
  usesContext: boolean,
): ExpectedRegret {
  // The largest mean is never below the mean of one arm but by the error of the quadrature.
  const gaps = arms.map(({ mean }) => Math.max(0, largest - mean))
  const perDecision = arms.reduce((sum, { share }, at) => sum + share * gaps[at]!, 0)
  if (usesContext) return { perDecision }
  return { perDecision, sinceStart: arms.reduce((sum, { shown }, at) => sum + shown * gaps[at]!, 0) }
}
