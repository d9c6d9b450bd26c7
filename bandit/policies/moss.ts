import { meanOf } from './field.ts'
import { createIndexPolicy } from './index-policy.ts'
import type { Policy } from './policy.ts'

export interface MossSettings {
  /** Pulls that are expected in all; the pulls there were when absent. */
  readonly horizon?: number | undefined
}

/**
 * MOSS, for the worst case: μ̂ + √(max(0, ln(T / (K n))) / n) of K arms, where an arm that had its share of the T pulls
 * gets no bonus any more; rewards in [0, 1].
 *
 * J.-Y. Audibert and S. Bubeck, Minimax Policies for Adversarial and Stochastic Bandits, COLT 2009. They know how many
 * pulls T there will be. A service seldom does; the pulls there were do nearly as well.
 */
export function createMoss({ horizon }: MossSettings = {}): Policy {
  return createIndexPolicy('moss', (arm, pulls, field) => {
    const optimism = Math.max(0, Math.log((horizon ?? field.pulls) / (field.arms * pulls)))
    return meanOf(arm, field) + Math.sqrt(optimism / pulls)
  })
}
