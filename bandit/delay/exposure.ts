import { binsInWindow, edgeOf } from './bins.ts'

/** Pulls by how long they have had to be rewarded, weighted as rewards are. */
export interface Exposure {
  /** Their window is over. */
  readonly closed: number
  readonly open: readonly { readonly ageMs: number; readonly pulls: number }[]
}

/**
 * Per bin of delay in the window, the pulls that have lived through it. A pull that has lived through a part of
 * a bin counts as that part: delays are taken to be even within it.
 */
export function pullsThrough({ closed, open }: Exposure, windowMs: number): Float64Array {
  const through = new Float64Array(binsInWindow).fill(closed)
  for (let bin = 0; bin < binsInWindow; bin++) {
    const low = edgeOf(bin - 1, windowMs)
    const width = edgeOf(bin, windowMs) - low
    for (const { ageMs, pulls } of open) {
      if (ageMs > low) through[bin]! += pulls * Math.min(1, (ageMs - low) / width)
    }
  }
  return through
}
