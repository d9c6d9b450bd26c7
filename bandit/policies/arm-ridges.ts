import { createRidges, type Ridge } from '../linear/ridge.ts'
import type { ArmBelief } from './policy.ts'

export interface RidgeSettings {
  /** λ, above 0: how strongly an arm's weights are held at 0, in rewards; 1 when absent. */
  readonly ridge?: number | undefined
}

/** A regression of its own for each arm. RangeError for an arm without sums over contexts. */
export function createArmRidges({ ridge }: RidgeSettings): (arm: ArmBelief) => Ridge {
  const ridgeOf = createRidges(ridge)
  return ({ name, linear }) => {
    if (linear === undefined) throw new RangeError(`Nothing was learned of arm ${name} by context`)
    return ridgeOf(linear)
  }
}

export function demandFeatures(features: Float64Array | undefined): Float64Array {
  if (features === undefined) throw new RangeError('A contextual policy has to be given the context')
  return features
}

/** The largest share everything equally. */
export function shareLargest(values: Float64Array): Float64Array {
  const largest = Math.max(...values)
  const ties = values.reduce((count, value) => (value === largest ? count + 1 : count), 0)
  return values.map((value) => (value === largest ? 1 / ties : 0))
}
