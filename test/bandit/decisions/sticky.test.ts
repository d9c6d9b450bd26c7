import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawSticky, stickySeed } from '../../../bandit/decisions/sticky.ts'
import { chiSquare, oncePerMillion } from '../support/chi-square.ts'

const arms = ['a', 'b', 'c', 'd']
const day = 86_400_000
const now = 1_790_000_000_000
const seeds = Array.from({ length: 20_000 }, (_, n) => stickySeed('shop', `user-${n}`, 30 * day, now))
const drawn = (distribution: readonly number[], names = arms) =>
  seeds.map((seed) => names[drawSticky(Float64Array.from(distribution), names, seed)]!)

describe('over many units', () => {
  test.each([[[0.25, 0.25, 0.25, 0.25]], [[0.7, 0.2, 0.1, 0]], [[0.97, 0.01, 0.01, 0.01]]])(
    'arms are drawn as %j says',
    (distribution) => {
      const counts = arms.map((name) => drawn(distribution).filter((arm) => arm === name).length)
      const free = distribution.filter((share) => share > 0).length - 1
      expect(chiSquare(counts, distribution)).toBeLessThan(oncePerMillion[free]!)
    },
  )

  test('what one endpoint draws says nothing of what another draws', () => {
    const both = Array.from({ length: 20_000 }, (_, n) =>
      ['shop', 'feed'].map((endpoint) =>
        drawSticky(Float64Array.of(0.5, 0.5), ['a', 'b'], stickySeed(endpoint, `user-${n}`, day, now)),
      ),
    )
    const counts = [0, 1, 2, 3].map((pair) => both.filter(([x, y]) => pair === 2 * x! + y!).length)
    expect(chiSquare(counts, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(oncePerMillion[3]!)
  })
})

describe('a unit', () => {
  test('draws the same arm however often it is asked', () => {
    expect(drawn([0.4, 0.3, 0.2, 0.1])).toEqual(drawn([0.4, 0.3, 0.2, 0.1]))
  })

  test('of a lost arm alone goes elsewhere when an arm goes, and comes back with it', () => {
    const before = drawn([0.4, 0.3, 0.2, 0.1])
    const after = drawn([0.4 / 0.7, 0.2 / 0.7, 0.1 / 0.7], ['a', 'c', 'd'])
    for (const [at, arm] of before.entries()) if (arm !== 'b') expect(after[at]).toBe(arm)
  })

  test('never goes to an arm that did not gain, nor from one that did not lose, whatever the shares', () => {
    const shares = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    const normed = (weights: number[]) => {
      const sum = weights.reduce((total, weight) => total + weight, 0)
      return Float64Array.from(weights, (weight) => weight / sum)
    }
    fc.assert(
      fc.property(shares, shares, fc.nat({ max: seeds.length - 1 }), (one, other, n) => {
        const [before, after] = [normed(one), normed(other)]
        const [from, to] = [before, after].map((each) => drawSticky(each, arms, seeds[n]!)) as [
          number,
          number,
        ]
        if (from !== to) expect(after[to]! / before[to]!).toBeGreaterThan(after[from]! / before[from]!)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  test('moves with the share that has to move, when one arm gives to another', () => {
    const [before, after] = [drawn([0.25, 0.25, 0.25, 0.25]), drawn([0.35, 0.25, 0.25, 0.15])]
    const moved = before.filter((arm, at) => arm !== after[at]).length
    // 0.1 has to move; what arms that stay as they are pass on comes to less than half as much again.
    expect(moved / seeds.length).toBeGreaterThan(0.09)
    expect(moved / seeds.length).toBeLessThan(0.15)
  })

  test('is drawn anew once in the time, each at a time of its own', () => {
    const period = (unit: number, at: number) => stickySeed('shop', `user-${unit}`, 30 * day, at)
    const units = Array.from({ length: 300 }, (_, n) => n)
    const changesIn = (from: number, to: number) =>
      units.filter((n) => period(n, from) !== period(n, to)).length
    expect(changesIn(now, now + 30 * day)).toBe(300)
    // A tenth each, give or take five standard deviations.
    for (const tenth of [0, 3, 6]) {
      const changed = changesIn(now + tenth * 3 * day, now + (tenth + 1) * 3 * day)
      expect(Math.abs(changed - 30)).toBeLessThan(26)
    }
    expect(new Set(units.map((n) => period(n, now))).size).toBe(300)
  })
})

test('an arm without propensity is never drawn, and without any there is nothing to draw', () => {
  expect(new Set(drawn([0, 1, 0, 0]))).toEqual(new Set(['b']))
  expect(() => drawSticky(Float64Array.of(0, 0), ['a', 'b'], seeds[0]!)).toThrow(RangeError)
})
