import { drawArm } from '../decisions/distribution.ts'
import { stepTowards } from '../decisions/steps.ts'
import type { Contender } from './contender.ts'
import type { Memory } from './memory.ts'
import { toPolicy } from './policies.ts'
import { toPosteriorDraw } from './posterior-draws.ts'
import type { Uniform } from './streams.ts'

/** Chooses an arm, by its index. */
export interface Chooser {
  /** In a context, where the world has any. */
  choose(features?: Float64Array): number
  /** Probability of the last choice; Infinity where it is not known, so that r/p adds nothing. */
  readonly propensity: number
}

export function createChooser(contender: Contender, memory: Memory, uniform: Uniform): Chooser {
  const chooser =
    contender.sampling === 'exact'
      ? drawFromDistribution(contender, memory, uniform)
      : drawFromPosteriors(contender, memory, uniform)
  const { burnIn = 0 } = contender
  return burnIn === 0 ? chooser : afterBurnIn(chooser, memory.beliefs.length, burnIn)
}

/** As the gateway does: asks for the distribution again only when what it depends on has changed. */
function drawFromDistribution(contender: Contender, memory: Memory, uniform: Uniform): Chooser {
  const policy = toPolicy(contender.policy)
  const everyTime = policy.usesContext || (policy.usesPending && contender.pending === 'counted')
  const { maxStep } = contender
  const most = maxStep === undefined ? Infinity : maxStep.share / maxStep.perMs
  let wanted: Float64Array = new Float64Array()
  let distribution: Float64Array | undefined
  let knownVersion = -1
  let propensity = 1
  return {
    choose(features) {
      if (everyTime || memory.version !== knownVersion) {
        wanted = policy.distribution(memory.beliefs, features)
        knownVersion = memory.version
      }
      const from = most === Infinity ? undefined : distribution
      distribution = from === undefined ? wanted : stepTowards({ from, wanted, most })
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
  const draw = toPosteriorDraw(policy)
  return {
    choose(features) {
      let best = 0
      let highest = -Infinity
      for (let arm = 0; arm < beliefs.length; arm++) {
        const drawn = draw(beliefs[arm]!, uniform, features)
        if (drawn > highest) [best, highest] = [arm, drawn]
      }
      return best
    },
    propensity: Infinity,
  }
}

/** Each arm by turns, until all have had so many pulls. */
function afterBurnIn(chooser: Chooser, arms: number, pulls: number): Chooser {
  let forced = 0
  let propensity = 1
  return {
    choose(features) {
      if (forced < arms * pulls) return forced++ % arms
      const arm = chooser.choose(features)
      propensity = chooser.propensity
      return arm
    },
    get propensity() {
      return propensity
    },
  }
}
