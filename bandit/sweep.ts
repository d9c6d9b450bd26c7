import { isOver } from './buckets.ts'
import { oldestEpoch, placeBucket, rewardDelta } from './statistics.ts'
import type { EndpointState, EndpointStore } from './store/store.ts'

export interface SweepDeps {
  readonly store: EndpointStore
  readonly clock: () => number
  readonly windowMs: number
  readonly bucketMs: number
  readonly halfLifeMs: number | undefined
  readonly defaultMicro: number | undefined
}

/**
 * Time that a bucket stays open past its window: pulls of a slow flush and rewards accepted at the last moment
 * still find it, and gateways' clocks may differ by it.
 */
const graceMs = 5000

/** Ends the buckets whose window is over, oldest first; whichever gateway comes first does it, once. */
export async function closeOverBuckets(state: EndpointState, deps: SweepDeps): Promise<void> {
  const { bucketMs, halfLifeMs, defaultMicro } = deps
  const now = deps.clock()
  const open = new Set([...state.arms.values()].flatMap((arm) => Array.from(arm.open.keys())))
  const over = [...open].filter((bucket) => isOver(bucket, bucketMs, deps.windowMs, graceMs, now))
  for (const bucket of over.toSorted((a, b) => a - b)) {
    const { epoch, weight } = placeBucket(bucket, bucketMs, halfLifeMs)
    const defaultDelta = defaultMicro === undefined ? undefined : rewardDelta(defaultMicro, weight)
    await deps.store.closeBucket({ bucket, epoch, ...(defaultDelta !== undefined && { defaultDelta }) })
  }
}

/** Lets go of sums that have faded to nothing, so that a short half-life does not fill the store. */
export async function pruneFadedEpochs(state: EndpointState, deps: SweepDeps): Promise<void> {
  if (deps.halfLifeMs === undefined) return
  const oldest = oldestEpoch(deps.clock(), deps.halfLifeMs)
  const faded = [...state.arms.values()].some((arm) => [...arm.epochs.keys()].some((epoch) => epoch < oldest))
  if (faded) await deps.store.pruneEpochs(oldest)
}
