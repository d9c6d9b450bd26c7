import { betaPosterior, type BetaPrior, uniformPrior } from '../posterior.ts'
import type { Policy } from './policy.ts'
import { probabilityBest } from './probability-best.ts'

export interface ThompsonSettings {
  /** Belief before the first reward; Beta(1, 1) unless given. */
  readonly prior?: BetaPrior
}

/**
 * Thompson sampling: play an arm as often as it is believed to be the best one.
 * p(k) = P(θ_k = max θ), θ_k ~ Beta(α₀ + Σr, β₀ + Σ(1 − r)) independently; rewards in [0, 1].
 *
 * Drawing one θ per arm and playing the largest draws from exactly this distribution; here it is computed, so
 * that the propensity of a decision is known and costs nothing more. Pulls still pending carry no belief.
 *
 * W. R. Thompson, Biometrika 25 (1933); O. Chapelle and L. Li, An Empirical Evaluation of Thompson Sampling,
 * NIPS 2011.
 */
export function createThompson({ prior = uniformPrior }: ThompsonSettings = {}): Policy {
  return {
    name: 'thompson',
    usesPending: false,
    distribution: (arms) => probabilityBest(arms.map((arm) => betaPosterior(arm, prior))),
  }
}
