/** Of an event, the first one included: over 50 minutes on average, and never more than 1 h 41 min. */
export const maxTries = 8

const firstMs = 10_000
const factor = 3
const longestMs = 2_400_000
/** A receiver that wants to be left alone for longer loses the event. */
const longestWishMs = 3_600_000

/**
 * How long to wait after the `tries`-th try has failed: anything from nothing to 10 s · 3^(tries − 1), at most 40 min
 * ("full jitter"), and no less than the receiver asked for, at most an hour.
 */
export function retryDelayMs(tries: number, random: number, wishMs = 0): number {
  const jittered = random * Math.min(longestMs, firstMs * factor ** (tries - 1))
  return Math.max(jittered, Math.min(wishMs, longestWishMs))
}

/** `Retry-After` in seconds or as a date, as milliseconds from now; undefined where it says nothing. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
