import type { ArmBelief } from '../policies/policy.ts'

/**
 * What an arm has learned, as sums that only ever get added to.
 *
 * A reward enters as the vector (w, w·r, w·r², w·r/p, w·b) in whole micro-units, w being its weight (see
 * `forgetting.ts`). Integers below 2^53 add exactly in doubles, so any order of arrival gives the same sums bit for
 * bit, and subtracting the vector of a reward takes it back without a trace (at least 4·10⁶ rewards fit in one
 * epoch if every one of them was as unlikely as can be, 4·10⁹ if not).
 *
 * Every policy reads the same five sums, so changing the policy keeps what was learned. The rewards of a default
 * carry no decision of their own: they add nothing to the fourth sum and r to the fifth.
 */
const micro = 1e6

/** Least propensity that a reward is divided by: one lucky draw must not outweigh a thousand others. */
const leastPropensity = 1e-3

/** Whole micro-units of a reward in [0, 1]; anything else, NaN too, is a RangeError. */
export function toMicro(reward: number): number {
  if (!(reward >= 0 && reward <= 1)) throw new RangeError(`A reward lies between 0 and 1, not at ${reward}`)
  return Math.round(reward * micro)
}

export function fromMicro(rewardMicro: number): number {
  return rewardMicro / micro
}

/** What is known of the decision that a reward is for. */
export interface Draw {
  /** p, as it was logged. */
  readonly propensity: number
  /** Uniform in [0, 1) and always the same for this decision: b = 1 if coin < r and else 0, so that E b = r. */
  readonly coin: number
}

/** What one reward adds to its epoch: (w, w·r, w·r², w·r/p, w·b) in micro-units, all whole. */
export function rewardDelta(rewardMicro: number, weight: number, draw?: Draw): Float64Array {
  const propensity = Math.max(leastPropensity, draw?.propensity ?? Infinity)
  const binary = draw === undefined ? rewardMicro : draw.coin * micro < rewardMicro ? micro : 0
  return Float64Array.of(
    Math.round(weight * micro),
    Math.round(weight * rewardMicro),
    Math.round((weight * rewardMicro * rewardMicro) / micro),
    Math.round((weight * rewardMicro) / propensity),
    Math.round(weight * binary),
  )
}

/** a − b, element by element: the delta that turns reward b into reward a. */
export function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value - (b[at] ?? 0))
}

export type Sums = Pick<ArmBelief, 'count' | 'sum' | 'sumOfSquares' | 'importanceSum' | 'successes'>

/** An arm's sums in natural units, each epoch multiplied by its weight from 0 to 1. */
export function weighSums(
  epochs: ReadonlyMap<number, Float64Array>,
  weightOf: (epoch: number) => number,
): Sums {
  const total = new Float64Array(5)
  for (const [epoch, sums] of epochs) {
    const scale = weightOf(epoch) / micro
    if (scale > 0) for (let at = 0; at < total.length; at++) total[at]! += (sums[at] ?? 0) * scale
  }
  const [count, sum, sumOfSquares, importanceSum, successes] = total as unknown as FiveNumbers
  return { count, sum, sumOfSquares, importanceSum, successes }
}

export function addSums(a: Sums, b: Sums): Sums {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
    importanceSum: a.importanceSum + b.importanceSum,
    successes: a.successes + b.successes,
  }
}

type FiveNumbers = readonly [number, number, number, number, number]
