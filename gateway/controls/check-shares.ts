import type { NamedLimits } from './limits.ts'

export interface SharesFault {
  readonly field: 'min_share' | 'max_share'
  readonly detail: string
}

/** Shares are written in decimals, which do not add up to exactly 1. */
const rounding = 1e-9

/**
 * Why shares cannot hold together, and how to mend it. Paused arms count as well, so that resuming one never
 * fails; and pausing changes no share, so that it never fails either.
 */
export function findFault(limits: readonly NamedLimits[], changed: string): SharesFault | undefined {
  const { minShare, maxShare = 1 } = limits.find(({ name }) => name === changed)!
  if (minShare > maxShare) {
    const detail = `min_share ${minShare} of ${changed} is above its max_share ${maxShare}: lower one or raise the other, both may be sent at once`
    return { field: 'min_share', detail }
  }
  const least = limits.reduce((sum, arm) => sum + arm.minShare, 0)
  if (least > 1 + rounding) {
    const most = decimal(Math.max(0, 1 - (least - minShare)))
    const detail = `the min_share of all arms together would be ${decimal(least)}, at most 1 is there to share: send at most ${most}, or lower that of another arm first`
    return { field: 'min_share', detail }
  }
  const most = limits.reduce((sum, arm) => sum + (arm.maxShare ?? 1), 0)
  if (most < 1 - rounding) {
    const needed = decimal(1 - (most - maxShare))
    const detail = `the max_share of all arms together would be ${decimal(most)}, which leaves traffic to nobody: send at least ${needed}, or raise that of another arm first`
    return { field: 'max_share', detail }
  }
  return undefined
}

function decimal(sum: number): number {
  return Number(sum.toFixed(6))
}
