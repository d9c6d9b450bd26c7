import { withCaps, withFloors } from './distribution.ts'
import type { ArmBelief, Policy } from '../policies/policy.ts'

/** What an arm's propensity is kept between. */
export interface ShareBounds {
  readonly minShare: number
  /** 1 when absent. */
  readonly maxShare?: number | undefined
}

/** What holds for an arm just now, whatever the policy thinks of it. */
export interface ArmLimits extends ShareBounds {
  /** Out of the choice: its propensity is exactly 0. */
  readonly excluded?: boolean
}

export interface Shares {
  readonly floors: Float64Array
  /** Absent where no arm has one. */
  readonly caps: Float64Array | undefined
}

export function toShares(arms: readonly ShareBounds[]): Shares {
  const isCapped = arms.some(({ maxShare = 1 }) => maxShare < 1)
  return {
    floors: Float64Array.from(arms, ({ minShare }) => minShare),
    caps: isCapped ? Float64Array.from(arms, ({ maxShare = 1 }) => maxShare) : undefined,
  }
}

/** What an arm is drawn from, whether to serve, to replay or to explain. */
export function propensitiesOf(
  policy: Policy,
  beliefs: readonly ArmBelief[],
  { floors, caps }: Shares,
  features?: Float64Array,
): Float64Array {
  const floored = withFloors(policy.distribution(beliefs, features), floors)
  return caps === undefined ? floored : withCaps(floored, caps)
}
