import { meanOf } from './field.ts'
import { createIndexPolicy } from './index-policy.ts'
import type { Policy } from './policy.ts'

/**
 * UCB1: play the arm that could be best, μ̂ + √(2 ln N / n), N pulls in all and n of the arm; rewards in [0, 1].
 *
 * P. Auer, N. Cesa-Bianchi and P. Fischer, Finite-time Analysis of the Multiarmed Bandit Problem, Machine Learning
 * 47 (2002).
 */
export function createUcb1(): Policy {
  return createIndexPolicy(
    'ucb1',
    (arm, pulls, field) => meanOf(arm, field) + Math.sqrt((2 * Math.log(field.pulls)) / pulls),
  )
}
