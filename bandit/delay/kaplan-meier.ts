import { binsInWindow } from './bins.ts'

/** What is known of one arm's delays: rewards by bin, and the pulls that have lived through each bin. */
export interface DelayEvidence {
  readonly rewards: Float64Array
  readonly through: Float64Array
}

/** Rewards as many as these count as much for an arm's delays as all that the other arms tell. */
const pooledRewards = 10

/**
 * Share of the rewards within the window that come in each bin of delay, f(s) = (d_s / n_s) / Σ (d_s / n_s): d_s
 * rewards of that delay, n_s pulls that have lived through it. Undefined before the first reward.
 *
 * Kaplan–Meier where a pull is censored by its age. As ages are known for every pull, rewarded or not, its
 * product has the form of this sum, the inverse-probability-of-censoring weighting of G. A. Satten and S. Datta,
 * The American Statistician 55 (2001). It needs no memory of single pulls.
 */
export function delayShares({ rewards, through }: DelayEvidence): Float64Array | undefined {
  const rates = Float64Array.from({ length: binsInWindow }, (_, bin) => {
    const count = rewards[bin]!
    // A reward stands for a pull, even where pulls are counted in coarser time than rewards.
    return count > 0 ? count / Math.max(count, through[bin]!) : 0
  })
  const total = sum(rates)
  return total > 0 ? rates.map((rate) => rate / total) : undefined
}

/**
 * For each arm its delay distribution, pulled towards that of all arms together as if by ten rewards, and that
 * one by one reward towards delays that are as likely in every bin: an arm with few rewards has no say of its own.
 */
export function sharedDelayShares(arms: readonly DelayEvidence[]): readonly Float64Array[] {
  const even = new Float64Array(binsInWindow).fill(1 / binsInWindow)
  const all = {
    rewards: addUp(arms.map(({ rewards }) => rewards.subarray(0, binsInWindow))),
    through: addUp(arms.map(({ through }) => through)),
  }
  const pooled = mixed(delayShares(all), sum(all.rewards), even, 1)
  return arms.map((arm) => {
    const count = sum(arm.rewards.subarray(0, binsInWindow))
    return mixed(delayShares(arm), count, pooled, pooledRewards)
  })
}

function mixed(
  own: Float64Array | undefined,
  count: number,
  other: Float64Array,
  weight: number,
): Float64Array {
  if (own === undefined) return other
  return other.map((share, bin) => (count * own[bin]! + weight * share) / (count + weight))
}

function addUp(vectors: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(binsInWindow)
  for (const vector of vectors) for (let at = 0; at < total.length; at++) total[at]! += vector[at]!
  return total
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
