import { compiled, chdtrc } from 'cephes'

await compiled

/**
 * The population stability index of two samples in the same bins, Σ (q − p)·ln(q / p), with half a count added to each
 * bin so that an empty one is no infinity. Two samples of one population, of m and n, do not have an index of 0 but
 * one of about (B − 1)·(1/m + 1/n) for B bins, distributed as χ² with B − 1 degrees of freedom times (1/m + 1/n)
 * (Yurdakul 2018, "Statistical properties of population stability index"). So that much is taken off, and what is
 * left is only believed where chance would hardly give as much.
 */
export interface Stability {
  /** The index without what chance alone adds to it; about 0 where nothing has changed, below it half of the time. */
  readonly psi: number
  /** Probability of such an index by chance. */
  readonly pValue: number
}

/** Fewer are not judged: the index of a handful is far from its distribution. */
const fewestJudged = 100

/** Beyond it a probability is 0 for all purposes, and further out its computation underflows. */
const greatest = 1000

/** Undefined while either sample is too small. */
export function stabilityOf(reference: ArrayLike<number>, current: ArrayLike<number>): Stability | undefined {
  const m = sumOf(reference)
  const n = sumOf(current)
  if (m < fewestJudged || n < fewestJudged) return undefined
  const bins = reference.length
  let index = 0
  for (let bin = 0; bin < bins; bin++) {
    const p = (reference[bin]! + 0.5) / (m + 0.5 * bins)
    const q = (current[bin]! + 0.5) / (n + 0.5 * bins)
    index += (q - p) * Math.log(q / p)
  }
  const scale = 1 / m + 1 / n
  const freedom = Math.max(1, bins - 1)
  return { psi: index - freedom * scale, pValue: chdtrc(freedom, Math.min(index / scale, greatest)) }
}

export function sumOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < counts.length; at++) sum += counts[at]!
  return sum
}
