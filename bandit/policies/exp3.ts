import type { Policy } from './policy.ts'

export interface Exp3Settings {
  /** γ, above 0 and at most 1: the share of the traffic that is spread over all arms, and K times the step. */
  readonly gamma?: number | undefined
}

/**
 * EXP3, for rewards that an adversary may choose: p(k) = (1 − γ) · e^(γ G_k / K) / Σ_j e^(γ G_j / K) + γ / K.
 *
 * G_k = Σ r / p over the arm's rewards, p being the propensity that was logged with each decision: then G estimates
 * without bias what the arm would have earned alone, whenever rewards come and whatever policy decided. What never
 * gets a reward adds 0, so an endpoint's default has to be 0 or none. Rewards in [0, 1].
 *
 * P. Auer, N. Cesa-Bianchi, Y. Freund and R. Schapire, The Nonstochastic Multiarmed Bandit Problem, SIAM Journal on
 * Computing 32 (2002). Propensities below 10⁻³ count as that, which with γ / K ≥ 10⁻³ none are.
 */
export function createExp3({ gamma = 0.1 }: Exp3Settings = {}): Policy {
  return {
    name: 'exp3',
    usesPending: false,
    distribution(arms) {
      const most = arms.reduce((sum, arm) => Math.max(sum, arm.importanceSum), 0)
      const step = gamma / arms.length
      const weights = Float64Array.from(arms, (arm) => Math.exp(step * (arm.importanceSum - most)))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return weights.map((weight) => (1 - gamma) * (weight / total) + gamma / arms.length)
    },
  }
}
