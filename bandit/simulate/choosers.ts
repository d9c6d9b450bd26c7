import { drawArm } from '../distribution.ts'
import { type RewardModelSettings, toBeta } from '../reward-model.ts'
import type { Contender } from './contender.ts'
import type { Memory } from './memory.ts'
import { toPolicy } from './policies.ts'
import { sampleBeta } from './sampling.ts'
import type { Uniform } from './streams.ts'

/** Chooses an arm, by its index. */
export interface Chooser {
  choose(): number
  /** Probability of the last choice; Infinity where it is not known, so that r/p adds nothing. */
  readonly propensity: number
}

export function createChooser(contender: Contender, memory: Memory, uniform: Uniform): Chooser {
  return contender.sampling === 'exact'
    ? drawFromDistribution(contender, memory, uniform)
    : drawFromPosteriors(contender, memory, uniform)
}

/** As the gateway does: asks for the distribution again only when what it depends on has changed. */
function drawFromDistribution(contender: Contender, memory: Memory, uniform: Uniform): Chooser {
  const policy = toPolicy(contender.policy)
  const everyTime = policy.usesPending && contender.pending === 'counted'
  let distribution: Float64Array = new Float64Array()
  let knownVersion = -1
  let propensity = 1
  return {
    choose() {
      if (everyTime || memory.version !== knownVersion) {
        distribution = policy.distribution(memory.beliefs)
        knownVersion = memory.version
      }
      const arm = drawArm(distribution, uniform())
      propensity = distribution[arm]!
      return arm
    },
    get propensity() {
      return propensity
    },
  }
}

function drawFromPosteriors({ policy }: Contender, { beliefs }: Memory, uniform: Uniform): Chooser {
  const posteriorOf = toBeta(policy as RewardModelSettings)
  return {
    choose() {
      let best = 0
      let highest = -1
      for (let arm = 0; arm < beliefs.length; arm++) {
        const drawn = sampleBeta(posteriorOf(beliefs[arm]!), uniform)
        if (drawn > highest) [best, highest] = [arm, drawn]
      }
      return best
    },
    propensity: Infinity,
  }
}
