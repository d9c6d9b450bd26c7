import type { ArmBelief } from './policies/policy.ts'

/**
 * What an arm has learned, as sums that only ever get added to.
 *
 * A reward enters as the vector (w, w·r, w·r²) in whole micro-units. Integers below 2^53 add exactly in doubles,
 * so any order of arrival gives the same sums bit for bit, and subtracting the vector of a reward takes it back
 * without a trace (about 4·10⁹ rewards fit in one epoch).
 *
 * Under a half-life h the reward of a decision counts 2^−(age/h). The age is that of the start of the decision's
 * bucket: one bucket, one weight, for defaults as for rewards, however late they come. As
 * 2^−((now − start)/h) = 2^(start/h − epoch) · 2^−(now/h − epoch), the first factor is known when the reward
 * comes and the second is the same for a whole epoch. With epoch = ⌊start/h⌋ the first lies in [1, 2), so
 * nothing ever overflows or has to be rescaled, and decay costs nothing until the sums are read.
 */
const micro = 1e6

/** An epoch this many half-lives back counts 2^−40 ≈ 10⁻¹² a reward at most. */
const rememberedHalfLives = 40

/** Whole micro-units of a reward in [0, 1]; anything else, NaN too, is a RangeError. */
export function toMicro(reward: number): number {
  if (!(reward >= 0 && reward <= 1)) throw new RangeError(`A reward lies between 0 and 1, not at ${reward}`)
  return Math.round(reward * micro)
}

export function fromMicro(rewardMicro: number): number {
  return rewardMicro / micro
}

/** Epoch and weight, in [1, 2), of every reward of the bucket that starts at bucket · bucketMs; 0 and 1 without a half-life. */
export function placeBucket(
  bucket: number,
  bucketMs: number,
  halfLifeMs: number | undefined,
): { epoch: number; weight: number } {
  if (halfLifeMs === undefined) return { epoch: 0, weight: 1 }
  const startMs = bucket * bucketMs
  const epoch = Math.floor(startMs / halfLifeMs)
  return { epoch, weight: 2 ** ((startMs - epoch * halfLifeMs) / halfLifeMs) }
}

/** What one reward adds to its epoch: (w, w·r, w·r²) in micro-units, all whole. */
export function rewardDelta(rewardMicro: number, weight: number): Float64Array {
  return Float64Array.of(
    Math.round(weight * micro),
    Math.round(weight * rewardMicro),
    Math.round((weight * rewardMicro * rewardMicro) / micro),
  )
}

/** a − b, element by element: the delta that turns reward b into reward a. */
export function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value - (b[at] ?? 0))
}

/**
 * Sums in natural units as they weigh at `nowMs`. An epoch that starts after `nowMs` weighs as if it started just
 * now, so that a slow clock never makes it grow. Inside an epoch only the caller can see skew: with `nowMs` never
 * before the start of the newest bucket no reward counts more than 1, and with a clock s behind at most 2^(s/h).
 */
export function toBelief(
  arm: {
    readonly name: string
    readonly epochs: ReadonlyMap<number, Float64Array>
    readonly pending: number
  },
  nowMs: number,
  halfLifeMs: number | undefined,
): ArmBelief {
  let count = 0
  let sum = 0
  let sumOfSquares = 0
  for (const [epoch, sums] of arm.epochs) {
    const scale = epochDecay(epoch, nowMs, halfLifeMs) / micro
    count += (sums[0] ?? 0) * scale
    sum += (sums[1] ?? 0) * scale
    sumOfSquares += (sums[2] ?? 0) * scale
  }
  return { name: arm.name, count, sum, sumOfSquares, pending: arm.pending }
}

function epochDecay(epoch: number, nowMs: number, halfLifeMs: number | undefined): number {
  if (halfLifeMs === undefined) return 1
  return Math.min(1, 2 ** ((epoch * halfLifeMs - nowMs) / halfLifeMs))
}

/** First epoch that still counts. A reward of an older one weighs less than 10⁻¹² and may be dropped. */
export function oldestEpoch(nowMs: number, halfLifeMs: number | undefined): number {
  if (halfLifeMs === undefined) return 0
  return Math.floor(nowMs / halfLifeMs) - rememberedHalfLives
}
