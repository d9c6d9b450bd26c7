import { meanOf } from '../../policies/field.ts'
import { createIndexPolicy } from '../../policies/index-policy.ts'
import type { Policy } from '../../policies/policy.ts'

/**
 * μ̂ + √(ln N / 2n): UCB1 with a quarter of its bonus squared, as most published comparisons play it. A. Garivier
 * and O. Cappé, COLT 2011, among others. It does not serve: with delays and low rewards KL-UCB does better.
 */
export function createUcbHalf(): Policy {
  return createIndexPolicy(
    'ucb-half',
    (arm, pulls, field) => meanOf(arm, field) + Math.sqrt(Math.log(field.pulls) / (2 * pulls)),
  )
}
