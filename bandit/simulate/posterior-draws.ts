import { createLinearBelief, type LinThompsonSettings } from '../policies/lin-thompson.ts'
import { type RewardModelSettings, toBeta } from '../beliefs/reward-model.ts'
import { createNormalGammaBelief, type NormalGammaSettings } from './baselines/normal-gamma-thompson.ts'
import type { PolicyChoice } from './contender.ts'
import type { SimulatedBelief } from './memory.ts'
import { sampleBeta, sampleNormal, sampleStudentT } from './sampling.ts'
import type { Uniform } from './streams.ts'

/** One mean reward drawn from what is believed of an arm, in a context where there is one. */
export type PosteriorDraw = (arm: SimulatedBelief, uniform: Uniform, features?: Float64Array) => number

/** By policy: those that play an arm as often as it is believed to be the best one. */
const draws: Readonly<Record<string, (settings: PolicyChoice) => PosteriorDraw>> = {
  thompson(settings) {
    const beliefOf = toBeta(settings as RewardModelSettings)
    return (arm, uniform) => sampleBeta(beliefOf(arm), uniform)
  },
  'lin-thompson'(settings) {
    const beliefOf = createLinearBelief(settings as LinThompsonSettings)
    return (arm, uniform, features) => {
      const { mean, deviation } = beliefOf(arm, features)
      return mean + deviation * sampleNormal(uniform)
    }
  },
  'normal-gamma-thompson'(settings) {
    const beliefOf = createNormalGammaBelief(settings as NormalGammaSettings)
    return (arm, uniform, features) => {
      const { location, scale, degrees } = beliefOf(arm, features)
      return location + scale * sampleStudentT(degrees, uniform)
    }
  },
}

/** RangeError for a policy that draws from no posterior. */
export function toPosteriorDraw(policy: PolicyChoice): PosteriorDraw {
  const create = Object.hasOwn(draws, policy.name) ? draws[policy.name] : undefined
  if (create === undefined) throw new RangeError(`${policy.name} draws from no posterior: play it exactly`)
  return create(policy)
}
