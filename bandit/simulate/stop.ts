import { identify, type StopRule } from '../beliefs/identification.ts'
import { probabilityBest } from '../policies/probability-best.ts'
import { betaPosterior } from '../beliefs/posterior.ts'
import { noneBetterBy } from '../beliefs/value-left.ts'
import type { SimulatedBelief } from './memory.ts'

/** When a run ends: once the best arm is known, or once there is little left to gain. */
export type Stop = StopRule | ValueLeftRule

/**
 * Stops once no arm is better than the one most likely best by more than `gain` of its mean, with this probability;
 * so it does, too, once that arm is best with this probability. Under a uniform prior.
 */
export interface ValueLeftRule {
  readonly confidence: number
  /** 0.01 is a hundredth. */
  readonly gain: number
  /** Decisions before which no run stops. */
  readonly earliest: number
}

/** The index of the arm that is called best after so many decisions; undefined while the search goes on. */
export function callBest(beliefs: readonly SimulatedBelief[], after: number, stop: Stop): number | undefined {
  if ('gain' in stop) return callChampion(beliefs, after, stop)
  const { decided, leader } = identify(beliefs, stop)
  return decided ? beliefs.findIndex(({ name }) => name === leader) : undefined
}

function callChampion(
  beliefs: readonly SimulatedBelief[],
  after: number,
  { confidence, gain, earliest }: ValueLeftRule,
): number | undefined {
  if (after < earliest) return undefined
  const posteriors = beliefs.map((belief) => betaPosterior(belief))
  const best = probabilityBest(posteriors)
  const champion = best.indexOf(Math.max(...best))
  return noneBetterBy(gain, posteriors, champion) > confidence ? champion : undefined
}
