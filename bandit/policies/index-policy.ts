import { type Field, playLargest, toField } from './field.ts'
import type { ArmBelief, Policy } from './policy.ts'

/** Rewards and pending pulls of the arm, above 0. */
export type Index = (arm: ArmBelief, pulls: number, field: Field) => number

/**
 * A policy that plays the arm with the largest index. Pulls still pending count as pulls but never in a mean, so
 * that between two rewards the arms take turns instead of one arm getting every pull. An arm without a pull goes
 * first.
 */
export function createIndexPolicy(name: string, indexOf: Index): Policy {
  return {
    name,
    usesPending: true,
    distribution(arms) {
      const field = toField(arms)
      const indices = new Float64Array(arms.length)
      for (let at = 0; at < arms.length; at++) {
        const arm = arms[at]!
        const pulls = arm.count + arm.pending
        indices[at] = pulls > 0 ? indexOf(arm, pulls, field) : Infinity
      }
      return playLargest(indices, arms)
    },
  }
}
