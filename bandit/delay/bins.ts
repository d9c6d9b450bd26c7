/**
 * Delays from a decision to its first feedback are kept as a histogram whose bins grow by √2: no memory per
 * decision, and every quantile within a sixth of itself, from a four-thousandth of the window to sixteen windows.
 */
export const binsInWindow = 24
const binsAfter = 8
export const binCount = binsInWindow + binsAfter

const binsPerOctave = 2

/** Bin i holds the delays above the edge of bin i − 1, up to its own; bin 23 ends with the window. */
export function binOf(delayMs: number, windowMs: number): number {
  const above = Math.ceil(binsPerOctave * Math.log2(delayMs / windowMs))
  return Math.min(binCount - 1, Math.max(0, binsInWindow - 1 + above))
}

/** Upper edge of a bin, ms; bin −1 ends at 0. */
export function edgeOf(bin: number, windowMs: number): number {
  return bin < 0 ? 0 : windowMs * 2 ** ((bin + 1 - binsInWindow) / binsPerOctave)
}
