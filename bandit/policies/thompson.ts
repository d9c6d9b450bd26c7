import { createRewardModel, type RewardModelSettings } from '../beliefs/reward-model.ts'
import type { Policy } from './policy.ts'

/**
 * Thompson sampling: play an arm as often as it is believed to be the best one, p(k) = P(θ_k = max θ) with the θ
 * independent. For rewards in [0, 1] θ_k ~ Beta(α₀ + Σr, β₀ + Σ(1 − r)); see `RewardKind` for the others.
 *
 * Drawing one θ per arm and playing the largest draws from exactly this distribution; here it is computed, so
 * that the propensity of a decision is known and costs nothing more. Pulls still pending carry no belief.
 *
 * W. R. Thompson, Biometrika 25 (1933); O. Chapelle and L. Li, An Empirical Evaluation of Thompson Sampling,
 * NIPS 2011; gaussian: J. Honda and A. Takemura, Optimality of Thompson Sampling for Gaussian Bandits Depends on
 * Priors, AISTATS 2014.
 */
export function createThompson(settings: RewardModelSettings = {}): Policy {
  const model = createRewardModel(settings)
  return { name: 'thompson', usesPending: false, distribution: (arms) => model.probabilityBest(arms) }
}
