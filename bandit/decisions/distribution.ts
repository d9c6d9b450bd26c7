/** Sums of floors that should be 1 may miss it by rounding. */
const roundingSlack = 1e-9

/**
 * Gives every arm at least its floor: pᵢ → fᵢ + eᵢ · (1 − Σf) / Σe with eᵢ = max(0, pᵢ − fᵢ), so arms give up in
 * proportion to what they have above their own floors. `distribution` sums to 1 and so does the answer. Floors
 * below 0, not a number, or summing to more than 1 are a RangeError.
 */
export function withFloors(distribution: Float64Array, floors: Float64Array): Float64Array {
  const reserved = total(floors)
  if (floors.length !== distribution.length || !floors.every((floor) => floor >= 0)) {
    throw new RangeError('Every arm needs one floor, 0 or more')
  }
  if (!(reserved <= 1 + roundingSlack)) {
    throw new RangeError(`Floors sum to ${reserved}: they must leave the arms at most 1 to share`)
  }
  const above = distribution.map((propensity, arm) => Math.max(0, propensity - floorOf(floors, arm)))
  const spare = total(above)
  if (spare === 0) return floors.map((floor) => floor / reserved)
  const scale = Math.max(0, 1 - reserved) / spare
  return above.map((excess, arm) => floorOf(floors, arm) + excess * scale)
}

/**
 * Takes from every arm what it has above its cap and gives it to the arms below theirs, in proportion to what they
 * have: pᵢ → min(cᵢ, λ pᵢ) with the λ ≥ 1 that makes the sum 1 again, so that no floor is undercut. Where the arms
 * below have nothing to go by, what is left is theirs in proportion to their caps. Caps that leave the arms less
 * than 1 together, as when those that could answer for the rest are away, all give way in proportion.
 */
export function withCaps(distribution: Float64Array, caps: Float64Array): Float64Array {
  if (distribution.every((propensity, arm) => propensity <= caps[arm]!)) return distribution
  const room = total(caps)
  if (room <= 1) return caps.map((cap) => (room > 0 ? cap / room : 1 / caps.length))
  const full = new Set<number>()
  for (;;) {
    const below = distribution.map((propensity, arm) => (full.has(arm) ? 0 : propensity))
    const open = caps.map((cap, arm) => (full.has(arm) ? 0 : cap))
    const weights = total(below) > 0 ? below : open
    const scale = (1 - (room - total(open))) / total(weights)
    const filled = caps.map((cap, arm) => (full.has(arm) ? cap : scale * weights[arm]!))
    const over = [...filled.keys()].filter(
      (arm) => !full.has(arm) && filled[arm]! > caps[arm]! + roundingSlack,
    )
    if (over.length === 0) return filled
    for (const arm of over) full.add(arm)
  }
}

/**
 * Index of the arm that `u` in [0, 1) falls on when the propensities are laid side by side. An arm with
 * propensity 0 is never drawn, and where rounding leaves the sum below `u` the last arm that can be drawn is.
 * A distribution without any such arm is a RangeError.
 */
export function drawArm(distribution: Float64Array, u: number): number {
  let cumulative = 0
  let drawn = -1
  for (let arm = 0; arm < distribution.length; arm++) {
    const propensity = distribution[arm]!
    if (!(propensity > 0)) continue
    drawn = arm
    cumulative += propensity
    if (u < cumulative) return arm
  }
  if (drawn < 0) throw new RangeError('No arm has a positive propensity')
  return drawn
}

function floorOf(floors: Float64Array, arm: number): number {
  return floors[arm] ?? 0
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
