import { binsInWindow, shareBefore } from './bins.ts'

/** Pulls by how long they have had to be rewarded, weighted as rewards are. */
export interface Exposure {
  /** Their window is over. */
  readonly closed: number
  readonly open: readonly { readonly ageMs: number; readonly pulls: number }[]
}

/** Per bin of delay in the window, the pulls that have lived through it; a part of it counts as that part. */
export function pullsThrough({ closed, open }: Exposure, windowMs: number): Float64Array {
  return Float64Array.from({ length: binsInWindow }, (_, bin) =>
    open.reduce((sum, { ageMs, pulls }) => sum + pulls * shareBefore(ageMs, bin, windowMs), closed),
  )
}
