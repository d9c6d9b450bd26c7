/** The value that the share `p` of `values` does not exceed, by nearest rank; NaN when there are none. */
export const percentile = (values: Float32Array, p: number): number => {
  const sorted = values.toSorted()
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}
