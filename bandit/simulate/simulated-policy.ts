import type { SimulatedBelief } from './memory.ts'

/** A policy of a simulation: one that serves, or one that may also look at what only a simulation knows. */
export interface SimulatedPolicy {
  readonly usesPending: boolean
  /** True when it has to be given the context. */
  readonly usesContext?: true
  distribution(arms: readonly SimulatedBelief[], features?: Float64Array): Float64Array
}
