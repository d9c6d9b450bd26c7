import { createArmRidges, demandFeatures, type RidgeSettings } from './arm-ridges.ts'
import { type Normal, probabilityLargestNormal } from './normal.ts'
import type { ArmBelief, Policy } from './policy.ts'

export interface LinThompsonSettings extends RidgeSettings {
  /** v, the deviation that a reward is thought to have, on a scale from 0 to 1; 0.1 when absent. */
  readonly deviation?: number | undefined
}

/**
 * Linear Thompson sampling with a regression for each arm: play an arm as often as it is believed to be the best
 * one for this context, θ_k ~ N(A⁻¹ Σ r x, v² A⁻¹) with A = λ I + Σ x xᵀ.
 *
 * The arms' θ_k are independent, so for one context their predictions are independent normals
 * N(θᵀx, v² xᵀA⁻¹x), and drawing every θ_k and playing the largest prediction draws from the distribution that is
 * computed here, one-dimensional however many features there are. Pulls still pending carry no belief.
 *
 * S. Agrawal and N. Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs, ICML 2013.
 */
export function createLinThompson(settings: LinThompsonSettings = {}): Policy {
  const beliefOf = createLinearBelief(settings)
  return {
    name: 'lin-thompson',
    usesPending: false,
    usesContext: true,
    distribution(arms, features) {
      return probabilityLargestNormal(arms.map((arm) => beliefOf(arm, features)))
    },
  }
}

/** What is believed of an arm's mean reward in one context. */
export function createLinearBelief({
  deviation = 0.1,
  ridge,
}: LinThompsonSettings): (arm: ArmBelief, features: Float64Array | undefined) => Normal {
  const ridgeOf = createArmRidges({ ridge })
  return (arm, features) => {
    const x = demandFeatures(features)
    const regression = ridgeOf(arm)
    return { mean: regression.predict(x), deviation: deviation * Math.sqrt(regression.uncertainty(x)) }
  }
}
