import { contribution, delaysEnd } from '../../../bandit/rewards/contribution.ts'
import { drawArm } from '../../../bandit/decisions/distribution.ts'
import { linearLength, weighLinear } from '../../../bandit/linear/sums.ts'
import type { ArmBelief, Policy } from '../../../bandit/policies/policy.ts'
import { weighSums } from '../../../bandit/beliefs/statistics.ts'

/** Plays a policy over the very sums that the store would hold, each reward known at once. */
export function createLinearPlayer(policy: Policy, arms: number, dimension: number, random: () => number) {
  const names = Array.from({ length: arms }, (_, arm) => `arm-${arm}`)
  const sums = names.map(() => new Float64Array(delaysEnd + linearLength(dimension)))
  const beliefs = names.map((_, arm) => believe(arm))

  function believe(arm: number): ArmBelief {
    const epochs = new Map([[0, sums[arm]!]])
    return {
      name: names[arm]!,
      ...weighSums(epochs, () => 1),
      pending: 0,
      linear: weighLinear(epochs, () => 1, { from: delaysEnd, dimension }),
    }
  }

  return {
    choose: (features: Float64Array) => drawArm(policy.distribution(beliefs, features), random()),
    learn(arm: number, features: Float64Array, reward: number) {
      const meaning = { standing: 'rewarded', micro: Math.round(reward * 1e6), heardAt: 0 } as const
      const draw = { propensity: 1, coin: random() }
      const place = { decidedAt: 0, windowMs: 1000, weight: 1, draw, features }
      const own = sums[arm]!
      for (const [at, value] of contribution(meaning, place).entries()) own[at] = own[at]! + value
      beliefs[arm] = believe(arm)
    },
  }
}
