import { drawArm } from '../../../bandit/decisions/distribution.ts'
import type { Policy } from '../../../bandit/policies/policy.ts'

/**
 * Pseudo-regret of one run of `plays` plays on arms that pay 1 with the given probabilities and at once: the sum
 * of what each play's arm has less than the best one in the mean.
 */
export function play(policy: Policy, means: readonly number[], plays: number, uniform: () => number): number {
  const best = Math.max(...means)
  const beliefs = means.map((_, arm) => ({
    name: `arm-${arm}`,
    count: 0,
    sum: 0,
    sumOfSquares: 0,
    importanceSum: 0,
    successes: 0,
    pending: 0,
  }))
  let regret = 0
  for (let at = 0; at < plays; at++) {
    const distribution = policy.distribution(beliefs)
    const arm = drawArm(distribution, uniform())
    const reward = uniform() < means[arm]! ? 1 : 0
    const belief = beliefs[arm]!
    belief.count += 1
    belief.sum += reward
    belief.sumOfSquares += reward
    belief.importanceSum += reward / distribution[arm]!
    belief.successes += reward
    regret += best - means[arm]!
  }
  return regret
}
