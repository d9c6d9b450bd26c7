import { binCount, binOf } from '../delay/bins.ts'
import { linearDelta, linearLength } from '../linear/sums.ts'
import type { Meaning } from './marks.ts'
import { type Draw, rewardDelta } from '../beliefs/statistics.ts'

/** What of a decision decides where and how much its reward counts. */
export interface Place {
  readonly decidedAt: number
  readonly windowMs: number
  /** Of its bucket, see `forgetting.ts`. */
  readonly weight: number
  readonly draw: Draw
  /** The context that it was made in, where the endpoint declares any. */
  readonly features?: Float64Array | undefined
}

const sumsLength = 5
const micro = 1e6

/** Where the sums over contexts begin. */
export const delaysEnd = sumsLength + binCount

/**
 * All that an arm's sums hold of one decision: the five sums of its reward, see `statistics.ts`, w·r in the bin of
 * its delay, all in whole micro-units, and the sums over its context, see `linear/sums.ts`. It follows from the mark alone, so what one more event adds is the
 * difference of two of these. A reward that came after its window is in its bin and in nothing else.
 */
export function contribution(meaning: Omit<Meaning, 'observed'>, place: Place): Float64Array {
  const { decidedAt, windowMs, weight, draw, features } = place
  const all = new Float64Array(delaysEnd + (features === undefined ? 0 : linearLength(features.length)))
  const { standing, heardAt } = meaning
  if (heardAt === undefined) return all
  if (standing === 'rewarded') {
    all.set(rewardDelta(meaning.micro, weight, draw))
    if (features !== undefined) all.set(linearDelta(features, meaning.micro, weight), delaysEnd)
  }
  all[sumsLength + binOf(Math.max(0, heardAt - decidedAt), windowMs)] = Math.round(weight * meaning.micro)
  return all
}

/** What a default reward adds: nobody waited for it, so it has no delay. With a context it is one decision's own. */
export function defaultContribution(
  rewardMicro: number,
  weight: number,
  features?: Float64Array,
): Float64Array {
  const all = new Float64Array(delaysEnd + (features === undefined ? 0 : linearLength(features.length)))
  all.set(rewardDelta(rewardMicro, weight))
  if (features !== undefined) all.set(linearDelta(features, rewardMicro, weight), delaysEnd)
  return all
}

/** Rewards by bin of delay in natural units, each epoch multiplied by its weight from 0 to 1. */
export function weighDelays(
  epochs: ReadonlyMap<number, Float64Array>,
  weightOf: (epoch: number) => number,
): Float64Array {
  const bins = new Float64Array(binCount)
  for (const [epoch, sums] of epochs) {
    const scale = weightOf(epoch) / micro
    if (scale > 0)
      for (let bin = 0; bin < binCount; bin++) bins[bin]! += (sums[sumsLength + bin] ?? 0) * scale
  }
  return bins
}
