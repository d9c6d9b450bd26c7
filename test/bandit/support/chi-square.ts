/** Pearson's statistic of counts against probabilities; a cell with probability 0 must be empty. */
export function chiSquare(counts: readonly number[], probabilities: ArrayLike<number>): number {
  const draws = counts.reduce((sum, count) => sum + count, 0)
  let statistic = 0
  for (const [cell, count] of counts.entries()) {
    const expected = probabilities[cell]! * draws
    if (expected > 0) statistic += (count - expected) ** 2 / expected
    else if (count > 0) return Infinity
  }
  return statistic
}

/** What the statistic exceeds once in a million right samples, by degrees of freedom (cells that can be hit − 1). */
export const oncePerMillion: Readonly<Record<number, number>> = {
  1: 23.93,
  2: 27.63,
  3: 30.66,
  4: 33.38,
  9: 44.81,
  99: 180.79,
}
