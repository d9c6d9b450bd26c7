import type { EndpointView } from './endpoint-view.ts'
import type { Tally } from './tally.ts'

export interface ArmTotal {
  readonly arm: string
  /** Distinct decisions whose label the gateway acknowledged. */
  readonly acknowledged: number
  /** Decisions that the store has counted as rewarded since the start of the run. */
  readonly rewarded: number
}

/** Acknowledged labels beside what the store has counted since `before`. */
export const toTotals = (tally: Tally, before: EndpointView, after: EndpointView): ArmTotal[] => {
  const acknowledged = tally.acknowledgedByArm()
  return tally.arms.map((arm, at) => ({
    arm,
    acknowledged: acknowledged[at]!,
    rewarded: rewardedOf(after, arm) - rewardedOf(before, arm),
  }))
}

export const differing = (totals: readonly ArmTotal[]): ArmTotal[] =>
  totals.filter(({ acknowledged, rewarded }) => acknowledged !== rewarded)

const rewardedOf = (view: EndpointView, arm: string): number =>
  view.arms.find(({ name }) => name === arm)?.rewarded ?? 0
