import type { EndpointSettings } from './store.ts'

type Windows = Pick<EndpointSettings, 'bucketMs' | 'windowMs' | 'retentionMs'>

const dayMs = 86_400_000

/**
 * How long marks outlive their bucket's window where the endpoint does not say. Until then a decision can be
 * corrected, its default taken back; beyond it a reward is late, because a second one could no longer be told
 * from the first.
 */
export const defaultRetentionMs = dayMs

/** How long the last sequence of a gateway is remembered after its last flush. */
export const flushMemoryMs = dayMs

/** When the window of the bucket's last decision ends, ms since 1970. */
export function windowEnd(bucket: number, { bucketMs, windowMs }: Windows): number {
  return (bucket + 1) * bucketMs + windowMs
}

/** From when on the bucket's marks may be gone, ms since 1970. */
export function marksExpireAt(bucket: number, windows: Windows): number {
  return windowEnd(bucket, windows) + (windows.retentionMs ?? defaultRetentionMs)
}
