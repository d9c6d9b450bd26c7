import type { ArmBelief } from './policy.ts'

/** What an index policy knows of all arms together. */
export interface Field {
  /** Rewards and pending pulls of all arms, 1 at the least: under forgetting they may have faded below. */
  readonly pulls: number
  /** Mean of all rewards; ½ before the first. */
  readonly mean: number
  readonly arms: number
}

export function toField(arms: readonly ArmBelief[]): Field {
  let [count, sum, pending] = [0, 0, 0]
  for (const arm of arms) {
    count += arm.count
    sum += arm.sum
    pending += arm.pending
  }
  return { pulls: Math.max(1, count + pending), mean: count > 0 ? unit(sum / count) : 0.5, arms: arms.length }
}

/**
 * Mean of an arm's rewards. Before the first one an arm is thought to be like the others, so that only its bonus
 * speaks for it: believed better, an arm whose rewards come late would take every request until they do.
 */
export function meanOf({ count, sum }: ArmBelief, field: Field): number {
  return count > 0 ? unit(sum / count) : field.mean
}

/** Sums that have faded may be off by their rounding. */
function unit(mean: number): number {
  return Math.min(1, Math.max(0, mean))
}

/**
 * Turns indices into a distribution, in place: the largest shares everything. Of arms that are level those with the
 * fewest pending pulls go first, and those that are level there too share equally.
 */
export function playLargest(indices: Float64Array, arms: readonly ArmBelief[]): Float64Array {
  let best = -Infinity
  let fewest = Infinity
  let ties = 0
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    if (index < best) continue
    const pending = arms[at]!.pending
    if (index > best || pending < fewest) {
      best = index
      fewest = pending
      ties = 1
    } else if (pending === fewest) {
      ties++
    }
  }
  for (let at = 0; at < indices.length; at++) {
    indices[at] = indices[at] === best && arms[at]!.pending === fewest ? 1 / ties : 0
  }
  return indices
}
