import { createArmRidges, demandFeatures, type RidgeSettings } from '../../policies/arm-ridges.ts'
import type { ArmBelief } from '../../policies/policy.ts'
import { probabilityLargest, type StudentT } from '../../policies/student-t.ts'
import type { SimulatedPolicy } from '../simulated-policy.ts'

export interface NormalGammaSettings extends RidgeSettings {
  /** a₀, half of the rewards that the prior of the noise is worth; 6 when absent. */
  readonly shape?: number | undefined
  /** b₀, a₀ times the variance that the noise is thought to have; 6 when absent. */
  readonly rate?: number | undefined
}

/**
 * Linear Thompson sampling that learns how noisy rewards are: σ² ~ InvGamma(a₀, b₀), θ ~ N(0, σ² / λ), so that θᵀx is
 * Student t with 2a degrees of freedom and scale √(b/a · xᵀA⁻¹x), a = a₀ + n/2, b = b₀ + ½ (Σ r² − θᵀ Σ r x). C.
 * Riquelme, G. Tucker and J. Snoek, Deep Bayesian Bandits Showdown, ICLR 2018, section 3. It does not serve: what it
 * takes for noise is also what no line can follow, and it goes on exploring for that.
 */
export function createNormalGammaThompson(settings: NormalGammaSettings): SimulatedPolicy {
  const beliefOf = createNormalGammaBelief(settings)
  return {
    usesPending: false,
    usesContext: true,
    distribution: (arms, features) => probabilityLargest(arms.map((arm) => beliefOf(arm, features))),
  }
}

/** What is believed of an arm's mean reward in one context. */
export function createNormalGammaBelief({
  shape = 6,
  rate = 6,
  ridge,
}: NormalGammaSettings): (arm: ArmBelief, features: Float64Array | undefined) => StudentT {
  const ridgeOf = createArmRidges({ ridge })
  return (arm, features) => {
    const x = demandFeatures(features)
    const regression = ridgeOf(arm)
    const a = shape + arm.count / 2
    const b = rate + regression.residual(arm.sumOfSquares) / 2
    return {
      location: regression.predict(x),
      scale: Math.sqrt((b / a) * regression.uncertainty(x)),
      degrees: 2 * a,
    }
  }
}
