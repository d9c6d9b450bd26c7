import { bernoulliKl } from './kl.ts'

/**
 * First epoch after the newest change of an arm's mean reward; −∞ when there was none.
 *
 * Generalised likelihood ratio test for rewards in [0, 1]: there was a change if for some split of the rewards
 * into n₁ earlier and n₂ later ones, with means μ₁, μ₂ and μ all in all,
 * n₁ kl(μ₁, μ) + n₂ kl(μ₂, μ) > ln(3 n √n / risk), n = n₁ + n₂.
 * L. Besson, E. Kaufmann, O.-A. Maillard and J. Seznec, Efficient Change-Point Detection for Tackling
 * Piecewise-Stationary Bandits, JMLR 23 (2022); the threshold is the one that they run with.
 *
 * Nothing is remembered: the epochs are walked through as they came, and each change found starts the test over
 * from the split that told it best. So feedback that comes late for an old epoch is judged in its place, every
 * gateway finds the same, and changes are located to an epoch.
 */
export function lastChange(epochs: ReadonlyMap<number, Float64Array>, risk: number): number {
  const rows = [...epochs]
    .filter(([, sums]) => (sums[0] ?? 0) > 0)
    .map(([epoch, sums]): Row => ({ epoch, count: sums[0]! / micro, sum: sums[1]! / micro }))
    .toSorted((a, b) => a.epoch - b.epoch)
  let start = 0
  for (let end = 1; end < rows.length; end++) {
    const split = changeIn(rows.slice(start, end + 1), risk)
    if (split !== undefined) start += split
  }
  return start === 0 ? -Infinity : rows[start]!.epoch
}

interface Row {
  readonly epoch: number
  readonly count: number
  readonly sum: number
}

const micro = 1e6

/** Index of the row that a new mean starts with, where the test says that there is one. */
function changeIn(rows: readonly Row[], risk: number): number | undefined {
  const count = rows.reduce((total, row) => total + row.count, 0)
  const sum = rows.reduce((total, row) => total + row.sum, 0)
  let found: number | undefined
  let highest = Math.log((3 * count * Math.sqrt(count)) / risk)
  let before = 0
  let sumBefore = 0
  for (let at = 1; at < rows.length; at++) {
    before += rows[at - 1]!.count
    sumBefore += rows[at - 1]!.sum
    const after = count - before
    const mean = sum / count
    const evidence =
      before * bernoulliKl(sumBefore / before, mean) + after * bernoulliKl((sum - sumBefore) / after, mean)
    if (evidence > highest) [highest, found] = [evidence, at]
  }
  return found
}
