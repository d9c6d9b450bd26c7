import type { EndpointState, EndpointStore } from './store/store.ts'

/** Rewarded decisions that the store had when it was last read, and that it has now. */
export interface StateLoss {
  readonly rewardedBefore: number
  readonly rewarded: number
}

/** Undefined unless the store has gone back: it was emptied, or has lost what was written last. */
export function lossOf(before: EndpointState, now: EndpointState): StateLoss | undefined {
  // A version only ever rises, as long as the data is the same.
  if (now.version >= before.version && !isAnother(before, now)) return undefined
  return { rewardedBefore: rewardedIn(before), rewarded: rewardedIn(now) }
}

export interface LossGuardDeps {
  readonly store: Pick<EndpointStore, 'descend'>
  /** Told once a loss. */
  readonly stateLost: (loss: StateLoss) => void
}

/**
 * Keeps an emptied store from being taken for what was learned. It admits a state that lost its last writes, which come
 * back soon; one that began anew only when it has as many rewards again, was given back from a checkpoint, or is to be
 * forgotten. Rejects with a StoreUnavailable.
 */
export function createLossGuard({ store, stateLost }: LossGuardDeps) {
  let held: StateLoss | undefined

  async function isSettled(before: EndpointState, next: EndpointState, loss: StateLoss): Promise<boolean> {
    if (!isAnother(before, next) || loss.rewarded >= loss.rewardedBefore) return true
    const { origin } = await store.descend()
    return origin === 'restored' || origin === 'forgotten'
  }

  return {
    async admits(before: EndpointState, next: EndpointState): Promise<boolean> {
      const loss = lossOf(before, next)
      if (loss === undefined) return true
      if (held === undefined) stateLost(loss)
      held = loss
      const settled = await isSettled(before, next, loss)
      if (settled) held = undefined
      return settled
    },
    /** What is lost as of the last look, for as long as what was learned before stands in for it. */
    holding: (): StateLoss | undefined => held,
  }
}

/** Data that came into being since. */
function isAnother(before: EndpointState, now: EndpointState): boolean {
  return before.born !== undefined && now.born !== undefined && before.born !== now.born
}

function rewardedIn({ arms }: EndpointState): number {
  return [...arms.values()].reduce((total, { totals }) => total + totals.rewarded, 0)
}
