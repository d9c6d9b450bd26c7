import { type FloatTensor, readFloats, writeFloats } from './floats.ts'

/** Σ wᵢ xᵢ, element by element, summed in float64. `weights` sum to 1; the tensors differ in their bytes only. */
export function weightedMean(tensors: readonly FloatTensor[], weights: readonly number[]): FloatTensor {
  const first = tensors[0]!
  const sums = readFloats(first).map((value) => value * weights[0]!)
  for (let member = 1; member < tensors.length; member++) {
    const values = readFloats(tensors[member]!)
    const weight = weights[member]!
    for (let i = 0; i < sums.length; i++) sums[i]! += weight * values[i]!
  }
  return { ...first, bytes: writeFloats(first.datatype, sums) }
}
