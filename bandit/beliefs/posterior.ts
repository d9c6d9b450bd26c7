import { compiled, incbi } from 'cephes'

await compiled

/** Beta(alpha, beta) over an arm's mean reward; both > 0. */
export interface BetaPosterior {
  readonly alpha: number
  readonly beta: number
}

/** What is believed of an arm before its first reward. */
export type BetaPrior = BetaPosterior

/** Every mean from 0 to 1 is as likely as any other. */
export const uniformPrior: BetaPrior = { alpha: 1, beta: 1 }

/**
 * Beta(α₀ + Σr, β₀ + Σ(1 − r)) for rewards in [0, 1]: the exact posterior when they are 0 or 1, a wider belief
 * than needed when they lie between. Rounding of a decayed count never takes it below the prior.
 */
export function betaPosterior(
  belief: { readonly count: number; readonly sum: number },
  prior: BetaPrior = uniformPrior,
): BetaPosterior {
  return {
    alpha: prior.alpha + Math.max(0, belief.sum),
    beta: prior.beta + Math.max(0, belief.count - belief.sum),
  }
}

export function betaMean({ alpha, beta }: BetaPosterior): number {
  return alpha / (alpha + beta)
}

/** The mean reward below which the arm lies with probability `p`, 0 < p < 1. Relative error below 10⁻⁸. */
export function betaQuantile({ alpha, beta }: BetaPosterior, p: number): number {
  try {
    return incbi(alpha, beta, p)
  } catch (error) {
    // Under a prior close to 0 a low quantile can lie below the smallest double.
    if (error instanceof Error && error.message.includes('underflow')) return 0
    throw error
  }
}
