import type { EndpointSettings } from './store.ts'

type Windows = Pick<EndpointSettings, 'bucketMs' | 'windowMs' | 'retentionMs'>

const dayMs = 86_400_000

/**
 * How long after its bucket's window a decision can be corrected, its default taken back, where the endpoint does not say;
 * beyond it feedback is late.
 */
export const defaultRetentionMs = dayMs

/** How long marks are kept for a journal of which nothing is heard, unless it is said. */
export const journalWaitMs = 3_600_000

/** How long the last sequence of a gateway is remembered after its last flush. */
export const flushMemoryMs = dayMs

/** When the window of the bucket's last decision ends, ms since 1970. */
export function windowEnd(bucket: number, { bucketMs, windowMs }: Windows): number {
  return (bucket + 1) * bucketMs + windowMs
}

/** From the end of a bucket until nothing of it can be changed any more, ms. */
export function changeableMs({ windowMs, retentionMs = defaultRetentionMs }: Windows): number {
  return windowMs + retentionMs
}

/**
 * Until when a decision of the bucket can be changed, ms since 1970. Its marks are kept until then, and beyond it for as long
 * as a journal may hold feedback that was accepted before.
 */
export function changeableUntil(bucket: number, windows: Windows): number {
  return (bucket + 1) * windows.bucketMs + changeableMs(windows)
}
