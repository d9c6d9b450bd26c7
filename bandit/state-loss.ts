import type { EndpointState } from './store/store.ts'

/** Rewarded decisions that the store had when it was last read, and that it has now. */
export interface StateLoss {
  readonly rewardedBefore: number
  readonly rewarded: number
}

/** Undefined unless the store has gone back: it was emptied, or has lost what was written last. */
export function lossOf(before: EndpointState, now: EndpointState): StateLoss | undefined {
  // A version only ever rises.
  if (now.version >= before.version) return undefined
  return { rewardedBefore: rewardedIn(before), rewarded: rewardedIn(now) }
}

function rewardedIn({ arms }: EndpointState): number {
  return [...arms.values()].reduce((total, { totals }) => total + totals.rewarded, 0)
}
