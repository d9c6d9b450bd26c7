import { factorise, solveLower, solveUpper } from './cholesky.ts'
import type { LinearSums } from './sums.ts'

/** Ridge regression of one arm's rewards on the context: A = λ I + Σ w x xᵀ, θ = A⁻¹ Σ w r x. */
export interface Ridge {
  readonly weights: Float64Array
  /** θᵀ x */
  readonly predict: (features: Float64Array) => number
  /** xᵀ A⁻¹ x: what is not known yet in the direction of x. A sum of squares, so never below 0. */
  readonly uncertainty: (features: Float64Array) => number
  /** λ |θ|² + Σ w (r − θᵀ x)² = Σ w r² − θᵀ Σ w r x, at least 0. */
  readonly residual: (sumOfSquares: number) => number
}

const defaultRidge = 1

/** Solved once for each object of sums, which never change. */
export function createRidges(ridge: number = defaultRidge): (sums: LinearSums) => Ridge {
  if (!(ridge > 0)) throw new RangeError(`A ridge is above 0, not ${ridge}`)
  const solved = new WeakMap<LinearSums, Ridge>()
  return (sums) => {
    let found = solved.get(sums)
    if (found === undefined) solved.set(sums, (found = solve(sums, ridge)))
    return found
  }
}

function solve({ gram, moment, dimension }: LinearSums, ridge: number): Ridge {
  const lower = factorise(gram, dimension, ridge)
  const half = new Float64Array(dimension)
  solveLower(lower, moment, half)
  const weights = new Float64Array(dimension)
  solveUpper(lower, half, weights)
  // θᵀ b = |L⁻¹ b|²
  const explained = dot(half, half)

  return {
    weights,
    predict: (features) => dot(weights, features),
    uncertainty(features) {
      solveLower(lower, features, half)
      return dot(half, half)
    },
    residual: (sumOfSquares) => Math.max(0, sumOfSquares - explained),
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
