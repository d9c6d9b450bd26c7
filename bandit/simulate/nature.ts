import type { Contexts } from './contexts/contexts.ts'
import { drawReward, expectedReward, nextChange } from './rewards.ts'
import { sampleBeta } from './sampling.ts'
import type { Uniform } from './streams.ts'
import {
  constantMean,
  type DelayLaw,
  type DelayQuantile,
  type DrawnLaw,
  type RewardLaw,
  type World,
} from './world.ts'

/** The world as it is in one run, in its newest context; steps are asked for in rising order. */
export interface Nature {
  /** Expected reward per arm of a decision made at `step`; the same array each time. */
  means(step: number): Float64Array
  /** The arm that has just been replaced, where `step` starts a batch that replaces one. */
  turnOver(step: number): number | undefined
  reward(arm: number, step: number): number
  /** Decisions from the one that it is for until the reward is there. */
  delay(arm: number): number
}

export function createNature(
  { arms, batch, turnover }: World,
  uniform: Uniform,
  contexts?: Contexts,
): Nature {
  const newArm = (): RewardLaw => settle({ kind: 'drawn', ...turnover!.means }, uniform)
  const laws = arms.map(({ reward }) => (turnover === undefined ? settle(reward, uniform) : newArm()))
  const means = new Float64Array(arms.length)
  const shifts = contexts?.shifts
  let validUntil = -1

  return {
    means(step) {
      if (shifts !== undefined) {
        for (const [arm, law] of laws.entries()) means[arm] = expectedReward(law, step, shifts[arm])
      } else if (step >= validUntil) {
        for (const [arm, law] of laws.entries()) means[arm] = expectedReward(law, step)
        validUntil = Math.min(...laws.map((law) => nextChange(law, step)))
      }
      return means
    },
    turnOver(step) {
      if (turnover === undefined || step === 0 || uniform() >= turnover.rate * batch) return undefined
      const gone = Math.floor(uniform() * laws.length)
      laws[gone] = newArm()
      validUntil = -1
      return gone
    },
    reward: (arm, step) => drawReward(laws[arm]!, step, uniform, shifts?.[arm]),
    delay: (arm) => drawDelay(arms[arm]!.delay, uniform),
  }
}

function settle(law: RewardLaw | DrawnLaw, uniform: Uniform): RewardLaw {
  return law.kind === 'drawn' ? { kind: 'bernoulli', mean: constantMean(sampleBeta(law, uniform)) } : law
}

function drawDelay(law: DelayLaw, uniform: Uniform): number {
  switch (law.kind) {
    case 'constant':
      return law.steps
    case 'geometric':
      return Math.floor(Math.log1p(-uniform()) / Math.log(law.mean / (law.mean + 1)))
    case 'exponential':
      return -law.mean * Math.log1p(-uniform())
    case 'quantiles':
      return quantileAt(law.points, uniform())
  }
}

function quantileAt(points: readonly DelayQuantile[], share: number): number {
  let before: DelayQuantile = { share: 0, steps: 0 }
  for (const point of points) {
    if (share < point.share) {
      return (
        before.steps + ((point.steps - before.steps) * (share - before.share)) / (point.share - before.share)
      )
    }
    before = point
  }
  return before.steps
}
