/** Widths that a person can read off a clock, ms. */
const widths = [1, 5, 15, 60, 300, 900, 3600, 21_600].map((seconds) => seconds * 1000)

/**
 * Width in ms of the buckets in which pulls are counted and rewards weighted: about a sixtieth of the window and
 * of the time over which old rewards fade, so that neither a window's end nor a weight is off by more than 2 %,
 * and a window holds at most about 120 buckets an arm.
 */
export function bucketWidth(windowMs: number, memoryMs: number | undefined): number {
  const wanted = Math.min(windowMs, memoryMs ?? Infinity) / 60
  return widths.findLast((width) => width <= wanted) ?? widths[0]!
}

export function bucketOf(timeMs: number, bucketMs: number): number {
  return Math.floor(timeMs / bucketMs)
}

/** True once no feedback for a decision of this bucket can still be on time. */
export function isOver(
  bucket: number,
  bucketMs: number,
  windowMs: number,
  graceMs: number,
  nowMs: number,
): boolean {
  return (bucket + 1) * bucketMs + windowMs + graceMs < nowMs
}
