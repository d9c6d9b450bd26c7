import { isOver } from '../buckets.ts'
import { defaultContribution } from './contribution.ts'
import { type Forgetting, oldestEpoch, placeBucket } from '../beliefs/forgetting.ts'
import type { Penalty } from './penalty.ts'
import { isOwn } from './silence.ts'
import type { EndpointState, EndpointStore } from '../store/store.ts'

export interface SweepDeps {
  readonly store: EndpointStore
  readonly clock: () => number
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
  readonly defaultMicro: number | undefined
  /** Numbers in a context: then what silence is worth came with the pulls, and where answers cost something. */
  readonly dimension?: number | undefined
  readonly penalty?: Penalty | undefined
}

/**
 * Time that a bucket stays open past its window: pulls of a slow flush and rewards accepted at the last moment
 * still find it, and gateways' clocks may differ by it.
 */
export const graceMs = 5000

/** Ends the buckets whose window is over, oldest first; whichever gateway comes first does it, once. */
export async function closeOverBuckets(state: EndpointState, deps: SweepDeps): Promise<void> {
  const { bucketMs, forgetting, defaultMicro } = deps
  const now = deps.clock()
  const open = new Set([...state.arms.values()].flatMap((arm) => Array.from(arm.open.keys())))
  const over = [...open].filter((bucket) => isOver(bucket, bucketMs, deps.windowMs, graceMs, now))
  for (const bucket of over.toSorted((a, b) => a - b)) {
    const { epoch, weight } = placeBucket(bucket, bucketMs, forgetting)
    const closing = { bucket, epoch }
    if (defaultMicro === undefined) await deps.store.closeBucket(closing)
    else if (isOwn(deps)) await deps.store.closeBucket({ ...closing, defaultsHeld: true })
    else {
      const defaultDelta = defaultContribution(defaultMicro, weight)
      await deps.store.closeBucket({ ...closing, defaultDelta })
    }
  }
}

/** Lets go of sums that have faded to nothing, so that a short memory does not fill the store. */
export async function pruneFadedEpochs(state: EndpointState, deps: SweepDeps): Promise<void> {
  if (deps.forgetting.kind === 'none') return
  const oldest = oldestEpoch(deps.clock(), deps.forgetting)
  const kept = [...Array.from(state.arms.values(), ({ epochs }) => epochs), ...state.observed.values()]
  const faded = kept.some((epochs) => [...epochs.keys()].some((epoch) => epoch < oldest))
  if (faded) await deps.store.pruneEpochs(oldest)
}
