import type { RewardBounds } from '../bounds.ts'

/** What an answer costs, in the unit of the reward. Known when it goes out, where what it earns is known later. */
export interface Penalty {
  /** For each second that the arm took. */
  readonly perSecond: number
  /** By arm; 0 where it is not named. */
  readonly costs: Readonly<Record<string, number>>
  /** > 0; whatever is beyond it is not counted, so that rewards stay within bounds. */
  readonly most: number
}

const micro = 1e6

/**
 * min(1, (s · latency + c_arm) / most) in whole millionths of the greatest penalty: few enough digits for a prediction
 * id, and a whole number, so that what was learned with it is taken back to the last bit.
 */
export function penaltyMicro({ perSecond, costs, most }: Penalty, arm: string, latencyMs: number): number {
  const cost = Object.hasOwn(costs, arm) ? costs[arm]! : 0
  return Math.round(Math.min(1, ((perSecond * latencyMs) / 1000 + cost) / most) * micro)
}

/** The rewards that are left of those within `quality` when up to `most` is taken off. */
export function netBounds({ low, high }: RewardBounds, most: number): RewardBounds {
  return { low: low - most, high }
}

/** The reverse of `netBounds`: what feedback may say. */
export function qualityBounds({ bounds, penalty }: Net): RewardBounds {
  return penalty === undefined ? bounds : { low: bounds.low + penalty.most, high: bounds.high }
}

export interface Net {
  /** Of the rewards that are learned. */
  readonly bounds: RewardBounds
  /** Absent where nothing is taken off. */
  readonly penalty?: Pick<Penalty, 'most'> | undefined
}

/**
 * What is learned of a reward: with q its share of the bounds of feedback, W their width and p the share of the greatest
 * penalty C, (q W + (1 − p) C) / (W + C), all shares in whole millionths.
 */
export function toNet(qualityMicro: number, { bounds, penalty }: Net, taken = 0): number {
  if (penalty === undefined) return qualityMicro
  const width = bounds.high - bounds.low
  const { most } = penalty
  return Math.round((qualityMicro * (width - most) + (micro - taken) * most) / width)
}
