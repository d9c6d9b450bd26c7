import { createArmRidges, demandFeatures, type RidgeSettings, shareLargest } from './arm-ridges.ts'
import type { Policy } from './policy.ts'

export interface LinEpsilonGreedySettings extends RidgeSettings {
  /** Share of the traffic that is spread over all arms, 0 to 1; 0.1 when absent. */
  readonly epsilon?: number | undefined
}

/**
 * Linear ε-greedy: the arm whose regression predicts most for this context, but for a share ε of the traffic that
 * all arms get alike. p(k) = (1 − ε) · [θ_kᵀx is greatest] + ε / K; arms that are level share equally.
 */
export function createLinEpsilonGreedy({ epsilon = 0.1, ridge }: LinEpsilonGreedySettings = {}): Policy {
  const ridgeOf = createArmRidges({ ridge })
  return {
    name: 'lin-epsilon-greedy',
    usesPending: false,
    usesContext: true,
    distribution(arms, features) {
      const x = demandFeatures(features)
      const greedy = shareLargest(Float64Array.from(arms, (arm) => ridgeOf(arm).predict(x)))
      return greedy.map((share) => (1 - epsilon) * share + epsilon / arms.length)
    },
  }
}
