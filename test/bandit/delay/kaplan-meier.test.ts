import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binCount, binOf, binsInWindow, edgeOf } from '../../../bandit/delay/bins.ts'
import { correctedCounts } from '../../../bandit/delay/corrected-counts.ts'
import { pullsThrough } from '../../../bandit/delay/exposure.ts'
import { delayShares, sharedDelayShares } from '../../../bandit/delay/kaplan-meier.ts'
import { delayQuantiles, pendingByAge } from '../../../bandit/delay/quantiles.ts'
import { uniformSource } from '../support/random-source.ts'

const windowMs = 60_000

describe('bins', () => {
  test('hold a delay between their edges, and the window ends with one', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 15.9 * windowMs, noNaN: true }), (delay) => {
        const bin = binOf(delay, windowMs)
        expect(delay).toBeLessThanOrEqual(edgeOf(bin, windowMs) * (1 + 1e-12))
        if (bin > 0) expect(delay).toBeGreaterThan(edgeOf(bin - 1, windowMs) * (1 - 1e-12))
      }),
      { seed: 3, numRuns: 500 },
    )
    expect([0, windowMs, windowMs + 1, 1e12].map((delay) => binOf(delay, windowMs))).toEqual([
      0,
      binsInWindow - 1,
      binsInWindow,
      binCount - 1,
    ])
    expect(edgeOf(binCount - 1, windowMs)).toBe(16 * windowMs)
  })

  test('are lived through in parts', () => {
    const bin = binsInWindow - 1
    const low = edgeOf(bin - 1, windowMs)
    const through = (ageMs: number) => pullsThrough({ closed: 7, open: [{ ageMs, pulls: 2 }] }, windowMs)[bin]
    expect([low - 1, (low + windowMs) / 2, windowMs + 1].map(through)).toEqual([7, 8, 9])
  })
})

/** Pulls of every age up to the window, each rewarded with `mean` after an exponential delay. */
function simulate(pulls: number, mean: number, meanDelayMs: number, seed: number) {
  const random = uniformSource(seed)
  const rewards = new Float64Array(binCount)
  const open: { ageMs: number; pulls: number }[] = []
  for (let n = 0; n < pulls; n++) {
    const ageMs = random() * windowMs
    open.push({ ageMs, pulls: 1 })
    const delay = -Math.log(1 - random()) * meanDelayMs
    if (random() < mean && delay <= ageMs) rewards[binOf(delay, windowMs)]! += 1
  }
  const exposure = { closed: 0, open }
  return { rewards, exposure, through: pullsThrough(exposure, windowMs) }
}

test('delays are found though most pulls are too young to have had theirs', () => {
  const arm = simulate(20_000, 0.5, 6000, 5)
  let before = 0
  for (const [bin, share] of delayShares(arm)!.entries()) {
    before += share
    const truth = (1 - Math.exp(-edgeOf(bin, windowMs) / 6000)) / (1 - Math.exp(-10))

    expect(Math.abs(before - truth)).toBeLessThan(0.02)
  }
  const { p50Ms, p90Ms } = delayQuantiles(arm, windowMs)!
  expect(Math.abs(p50Ms / (6000 * Math.LN2) - 1)).toBeLessThan(0.06)
  expect(Math.abs(p90Ms / (6000 * Math.log(10)) - 1)).toBeLessThan(0.06)
})

test('the mean reward over the corrected count has next to no bias, where the plain count has much', () => {
  const arms = [simulate(20_000, 0.6, 20_000, 7), simulate(20_000, 0.5, 1000, 8)]
  const sums = arms.map(({ rewards }) => rewards.reduce((total, value) => total + value, 0))
  const means = correctedCounts(arms).map(({ count }, index) => sums[index]! / count)
  // Of the slow arm 95 % of the rewards come within the window, which is all that can be told.
  expect(Math.abs(means[0]! - 0.6 * (1 - Math.exp(-3)))).toBeLessThan(0.03)
  expect(Math.abs(means[1]! - 0.5)).toBeLessThan(0.02)
  expect(sums[0]! / 20_000).toBeLessThan(0.45)
})

test('with nothing pending it is the plain count', () => {
  const rewards = new Float64Array(binCount).fill(1, 0, 10)
  const exposure = { closed: 40, open: [] }
  const arm = { rewards, exposure, through: pullsThrough(exposure, windowMs) }
  expect(correctedCounts([arm])[0]!.count).toBeCloseTo(40, 9)
  expect(correctedCounts([arm])[0]!.pending).toBeCloseTo(0, 9)
})

test('an arm with few rewards leans on the delays of all arms', () => {
  const many = simulate(5000, 0.5, 6000, 5)
  const none = { rewards: new Float64Array(binCount), through: many.through }
  const [all, shy] = sharedDelayShares([many, none])
  expect(shy!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  expect(Math.max(...shy!.map((share, bin) => Math.abs(share - all![bin]!)))).toBeLessThan(0.05)
})

test('no rewards have no delays', () => {
  const nothing = { rewards: new Float64Array(binCount), through: new Float64Array(binsInWindow).fill(9) }
  expect(delayShares(nothing)).toBeUndefined()
  expect(delayQuantiles({ ...nothing, exposure: { closed: 9, open: [] } }, windowMs)).toBeUndefined()
})

test('pending pulls are told by age, without what was rewarded or taken back', () => {
  const bucketMs = 1000
  const open = new Map([
    [0, { pulls: 9, rewarded: 4, voided: 1 }],
    [50, { pulls: 3, rewarded: 0, voided: 0 }],
  ])
  const told = pendingByAge(open, 58_000, { windowMs, bucketMs })
  expect(told.map(({ pulls }) => pulls)).toEqual([3, 0, 0, 4, 0])
  expect(told.map(({ upToMs }) => upToMs)).toEqual([15_000, 30_000, 45_000, 60_000, Infinity])
})
