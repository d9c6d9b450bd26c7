import { hashText } from '../context/hash-text.ts'
import { keyFromCallerId } from '../random.ts'

/**
 * What a unit (a user, a device) is assigned by while it stays with its arms: 12 bytes as 16 base64url characters,
 * another after each `forMs`. Units begin at different times, so that not all of them are drawn anew at once.
 */
export function stickySeed(endpoint: string, unit: string, forMs: number, now: number): string {
  const offset = (hashText(unit) / 2 ** 32) * forMs
  return keyFromCallerId(endpoint, `${Math.floor((now + offset) / forMs)} ${unit}`)
}

/**
 * Weighted rendezvous hashing: every arm draws −ln(u) / p with a u of its own, made of seed and name, and the least
 * wins, which arm a does with probability pₐ over the seeds (D. Thaler and C. Ravishankar, IEEE/ACM ToN 1998, weighted
 * as by J. Resch, 2015: the minimum of independent exponentials). Where propensities change, only seeds go over that
 * the arms that gain win from those that lose; an arm without propensity is never drawn. `u` has 32 bits.
 *
 * @throws RangeError when no arm has a positive propensity
 */
export function drawSticky(distribution: Float64Array, arms: readonly string[], seed: string): number {
  let drawn = -1
  let least = Infinity
  for (const [at, arm] of arms.entries()) {
    const propensity = distribution[at]!
    if (!(propensity > 0)) continue
    const draw = -Math.log((hashText(`${seed}/${arm}`) + 0.5) / 2 ** 32) / propensity
    if (draw >= least && drawn >= 0) continue
    least = draw
    drawn = at
  }
  if (drawn < 0) throw new RangeError('No arm has a positive propensity')
  return drawn
}
