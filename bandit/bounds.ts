/** The least and the greatest reward that an endpoint's feedback may give, in the reward's own unit; low < high. */
export interface RewardBounds {
  readonly low: number
  readonly high: number
}

export const unitBounds: RewardBounds = { low: 0, high: 1 }

/**
 * (r − low) / (high − low). All of the learning works on this share of the range, in whole millionths: sums stay
 * exact however wide the range is, and every policy for rewards in [0, 1] serves any bounded reward.
 */
export function toShare(reward: number, { low, high }: RewardBounds): number {
  return (reward - low) / (high - low)
}

/** The reward that is this share of the range. */
export function fromShare(share: number, { low, high }: RewardBounds): number {
  return low + share * (high - low)
}

/** As `fromShare`, without the digits that a millionth of the range says nothing about. */
export function roundedFromShare(share: number, bounds: RewardBounds): number {
  const digits = Math.floor(-Math.log10((bounds.high - bounds.low) / 1e6))
  return Number(fromShare(share, bounds).toFixed(Math.min(100, Math.max(0, digits))))
}

export function isWithin(reward: number, { low, high }: RewardBounds): boolean {
  return reward >= low && reward <= high
}
