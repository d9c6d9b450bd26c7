import { sumByCluster, type Clusters } from './clusters.ts'

/** What the estimators are made of, one number a decision. */
export interface Samples {
  /** w = π(a) / p(a) of the arm that the log chose: π the target's propensity, p the logged one. */
  readonly weights: Float64Array
  /** r, in natural units. */
  readonly rewards: Float64Array
  /** Σₐ π(a) q(a), what the reward model expects of the target. */
  readonly direct: Float64Array
  /** q(a), what it expects of the arm that the log chose. */
  readonly predicted: Float64Array
  /** How often the target takes that arm for once that the log did: how much Σ d moves with this one reward. */
  readonly leverage: Float64Array
}

/** How far the log can speak for the target. */
export interface WeightFacts {
  /** 1 if the log has all that the target does; less says that the target goes where the log never went. */
  readonly mean: number
  readonly max: number
  /** (Σw)² / Σw²: decisions of the target's own that would tell as much (Kish); of clusters, where there are any. */
  readonly effective: number
}

export function weightFacts(weights: Float64Array, clusters?: Clusters): WeightFacts {
  let sum = 0
  let squares = 0
  let max = 0
  for (const weight of weights) {
    sum += weight
    squares += weight * weight
    max = Math.max(max, weight)
  }
  const effective =
    clusters === undefined ? kish(sum, squares) : weightFacts(sumByCluster(weights, clusters)).effective
  return { mean: sum / weights.length, max, effective }
}

function kish(sum: number, squares: number): number {
  return squares === 0 ? 0 : (sum * sum) / squares
}
