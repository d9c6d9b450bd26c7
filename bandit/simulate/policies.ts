import { createPolicy, contextFreePolicyNames } from '../policies/by-name.ts'
import { createChapelleLiUcb } from './baselines/chapelle-li-ucb.ts'
import { createUcbHalf } from './baselines/ucb-half.ts'
import type { PolicyChoice } from './contender.ts'
import type { SimulatedBelief } from './memory.ts'

/** A policy of a simulation: one that serves, or one that may also look at what only a simulation knows. */
export interface SimulatedPolicy {
  readonly usesPending: boolean
  distribution(arms: readonly SimulatedBelief[]): Float64Array
}

/** Rules of published experiments that do not serve, by name. */
const baselines: Readonly<Record<string, () => SimulatedPolicy>> = {
  'chapelle-li-ucb': createChapelleLiUcb,
  'ucb-half': createUcbHalf,
}

/** RangeError for a name that nobody knows. */
export function toPolicy(choice: PolicyChoice): SimulatedPolicy {
  const baseline = Object.hasOwn(baselines, choice.name) ? baselines[choice.name] : undefined
  if (baseline !== undefined) return baseline()
  const name = contextFreePolicyNames.find((known) => known === choice.name)
  if (name === undefined) {
    throw new RangeError(`There is no policy ${choice.name}: known are ${contextFreePolicyNames.join(', ')}`)
  }
  return createPolicy({ ...choice, name })
}
