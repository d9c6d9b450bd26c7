import type { ArmBelief } from '../policies/policy.ts'
import type { StudentT } from '../policies/student-t.ts'
import { createStudentModel, type RewardModel } from '../beliefs/reward-model.ts'
import type { Ridge } from './ridge.ts'
import type { LinearSums } from './sums.ts'

/** As in `gaussian-posterior.ts`: worth two rewards that deviate by ¼. */
const priorShape = 1
const priorRate = priorShape * 0.25 ** 2

/**
 * What is believed of the arms' mean rewards in one context x, for rewards r ~ N(θᵀx, σ²) with neither known, under
 * σ² ~ InvGamma(a₀, b₀) and θ ~ N(0, σ² / λ): θᵀx is Student t with 2a degrees of freedom around its estimate with
 * scale √(b/a · xᵀA⁻¹x), a = a₀ + n/2, b = b₀ + ½ (Σ r² − θᵀ Σ r x). K. P. Murphy, Machine Learning: A Probabilistic
 * Perspective, section 7.6.3.
 */
export function createLinearModel(features: Float64Array, ridgeOf: (sums: LinearSums) => Ridge): RewardModel {
  function posteriorOf({ linear, count, sumOfSquares }: ArmBelief): StudentT {
    const regression = ridgeOf(linear!)
    const shape = priorShape + Math.max(0, count) / 2
    const rate = priorRate + regression.residual(sumOfSquares) / 2
    return {
      location: regression.predict(features),
      scale: Math.sqrt((rate / shape) * regression.uncertainty(features)),
      degrees: 2 * shape,
    }
  }

  return createStudentModel(posteriorOf)
}
