import type { OpenBucket } from '../store/store.ts'
import { binCount, binsInWindow, edgeOf } from './bins.ts'
import type { ArmDelays } from './evidence.ts'
import { delayShares } from './kaplan-meier.ts'

/** Delays by which a half, nine tenths and ninety-nine hundredths of an arm's rewards have come, ms. */
export interface DelayQuantiles {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
}

/**
 * Quantiles of the delays of all rewards heard of, those that came after the window included; delays are even
 * within a bin. Undefined before the first reward.
 */
export function delayQuantiles(arm: ArmDelays, windowMs: number): DelayQuantiles | undefined {
  const within = delayShares(arm)
  if (within === undefined) return undefined
  const inTime = arm.rewards.subarray(0, binsInWindow).reduce((sum, value) => sum + value, 0)
  const shares = Float64Array.from({ length: binCount }, (_, bin) =>
    bin < binsInWindow ? within[bin]! : arm.rewards[bin]! / inTime,
  )
  const total = shares.reduce((sum, share) => sum + share, 0)
  const at = (q: number) => quantile(shares, q * total, windowMs)
  return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) }
}

function quantile(shares: Float64Array, wanted: number, windowMs: number): number {
  let before = 0
  for (let bin = 0; bin < binCount; bin++) {
    const share = shares[bin]!
    if (share > 0 && before + share >= wanted) {
      const low = edgeOf(bin - 1, windowMs)
      return low + ((wanted - before) / share) * (edgeOf(bin, windowMs) - low)
    }
    before += share
  }
  return edgeOf(binCount - 1, windowMs)
}

/** Pulls that wait, by age: at most this part of the window. */
const ageParts = [0.25, 0.5, 0.75, 1, Infinity]

export interface PendingOfAge {
  /** Infinity for what should have been closed. */
  readonly upToMs: number
  readonly pulls: number
}

export function pendingByAge(
  open: ReadonlyMap<number, OpenBucket> = new Map(),
  nowMs: number,
  { windowMs, bucketMs }: { readonly windowMs: number; readonly bucketMs: number },
): readonly PendingOfAge[] {
  const waiting = [...open].map(([bucket, { pulls, rewarded, voided }]) => ({
    ageMs: nowMs - (bucket + 0.5) * bucketMs,
    pulls: Math.max(0, pulls - rewarded - voided),
  }))
  return ageParts.map((part, at) => {
    const from = at === 0 ? -Infinity : ageParts[at - 1]! * windowMs
    const upToMs = part * windowMs
    const within = waiting.filter(({ ageMs }) => ageMs > from && ageMs <= upToMs)
    return { upToMs, pulls: within.reduce((sum, { pulls }) => sum + pulls, 0) }
  })
}
