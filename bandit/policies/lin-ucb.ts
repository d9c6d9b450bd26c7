import { createArmRidges, demandFeatures, type RidgeSettings, shareLargest } from './arm-ridges.ts'
import type { Policy } from './policy.ts'

export interface LinUcbSettings extends RidgeSettings {
  /** What one deviation of doubt is worth, on the scale of the rewards, 0 to 1; 0.25 when absent. */
  readonly alpha?: number | undefined
}

/**
 * LinUCB with a regression for each arm: play the arm that could be best for this context, the largest
 * θᵀx + α √(xᵀA⁻¹x) with A = λ I + Σ x xᵀ and θ = A⁻¹ Σ r x. Arms that are level share equally.
 *
 * Pulls still pending are not counted: between two snapshots a context goes to the same arm each time. Give arms a
 * least share where rewards come late.
 *
 * L. Li, W. Chu, J. Langford and R. Schapire, A Contextual-Bandit Approach to Personalized News Article
 * Recommendation, WWW 2010, algorithm 1.
 */
export function createLinUcb({ alpha = 0.25, ridge }: LinUcbSettings = {}): Policy {
  const ridgeOf = createArmRidges({ ridge })
  return {
    name: 'lin-ucb',
    usesPending: false,
    usesContext: true,
    distribution(arms, features) {
      const x = demandFeatures(features)
      return shareLargest(
        Float64Array.from(arms, (arm) => {
          const regression = ridgeOf(arm)
          return regression.predict(x) + alpha * Math.sqrt(regression.uncertainty(x))
        }),
      )
    },
  }
}
