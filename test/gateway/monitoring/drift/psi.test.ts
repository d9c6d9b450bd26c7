import { describe, expect, test } from 'vitest'
import { stabilityOf } from '../../../../gateway/monitoring/drift/psi.ts'
import { uniformSource } from '../../../bandit/support/random-source.ts'

/** So many draws, counted by bin. */
function draw(shares: readonly number[], count: number, uniform: () => number): number[] {
  const counts = shares.map(() => 0)
  for (let drawn = 0; drawn < count; drawn++) {
    let left = uniform()
    let bin = 0
    while (bin < shares.length - 1 && (left -= shares[bin]!) >= 0) bin++
    counts[bin]!++
  }
  return counts
}

const tenths = Array.from({ length: 10 }, () => 0.1)
const skewed = [0.6, 0.25, 0.1, 0.05]

test('two halves that changed places, by hand', () => {
  const { psi } = stabilityOf([300, 100], [100, 300])!
  const [p, q] = [300.5 / 401, 100.5 / 401]
  expect(psi).toBeCloseTo(2 * (p - q) * Math.log(p / q) - 2 / 400, 12)
})

test('fewer than a hundred values are not judged', () => {
  expect(stabilityOf([99, 0], [0, 500])).toBeUndefined()
  expect(stabilityOf([500, 0], [0, 99])).toBeUndefined()
  expect(stabilityOf([100, 0], [0, 100])?.pValue).toBeLessThan(1e-9)
})

describe('of two samples of one population', () => {
  test.each([
    { shares: tenths, m: 1000, n: 200 },
    { shares: tenths, m: 100, n: 100 },
    { shares: skewed, m: 1000, n: 1000 },
  ])('$m and $n values in $shares.length bins', ({ shares, m, n }) => {
    const uniform = uniformSource(m + n)
    const trials = 4000
    let sum = 0
    let unlikely = 0
    let found = 0
    for (let trial = 0; trial < trials; trial++) {
      const { psi, pValue } = stabilityOf(draw(shares, m, uniform), draw(shares, n, uniform))!
      sum += psi
      if (pValue < 0.01) unlikely++
      if (pValue < 0.0001) found++
    }
    const chance = (shares.length - 1) * (1 / m + 1 / n)
    // Without the correction it would be near `chance`: that is what is taken off.
    expect(Math.abs(sum / trials)).toBeLessThan(0.1 * chance)
    // 40 are expected; more than 65 come once in 10,000 runs.
    expect(unlikely).toBeLessThanOrEqual(65)
    // 0.4 are expected; more than 4 come once in 10,000 runs.
    expect(found).toBeLessThanOrEqual(4)
  })
})
