/** Counts of the newest values, bin by bin; what is older than the window is forgotten a slice at a time. */
export interface Window {
  add(bin: number, now: number): void
  /** Of the last window, or up to a slice less. */
  counts(now: number): Uint32Array
}

const slices = 12

export function createWindow(bins: number, lengthMs: number): Window {
  const sliceMs = lengthMs / slices
  const rings = Array.from({ length: slices }, () => new Uint32Array(bins))
  let newest = -1

  function turn(now: number): number {
    const slice = Math.floor(now / sliceMs)
    if (slice > newest) {
      const stale = Math.min(slices, slice - newest)
      for (let back = 0; back < stale; back++) rings[(slice - back) % slices]!.fill(0)
      newest = slice
    }
    return newest % slices
  }

  return {
    add(bin, now) {
      rings[turn(now)]![bin]!++
    },
    counts(now) {
      turn(now)
      const sums = new Uint32Array(bins)
      for (const ring of rings) for (let bin = 0; bin < bins; bin++) sums[bin]! += ring[bin]!
      return sums
    },
  }
}
