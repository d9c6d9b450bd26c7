import fc from 'fast-check'
import { expect, test } from 'vitest'
import { netBounds, penaltyMicro, qualityBounds, toNet } from '../../../bandit/rewards/penalty.ts'

const penalty = { perSecond: 0.1, costs: { dear: 0.05 }, most: 0.2 }

test.each([
  ['cheap', 0, 0],
  ['cheap', 500, 250_000],
  ['dear', 500, 500_000],
  ['dear', 1500, 1_000_000],
  ['dear', 60_000, 1_000_000],
  ['constructor', 0, 0],
])('%s after %i ms costs %i millionths of the most', (arm, latencyMs, expected) => {
  expect(penaltyMicro(penalty, arm, latencyMs)).toBe(expected)
})

test('what is left of a reward is the reward less its penalty, within bounds that begin by the most below', () => {
  const quality = { low: -1, high: 3 }
  const net = { bounds: netBounds(quality, penalty.most), penalty }
  expect(net.bounds).toEqual({ low: -1.2, high: 3 })
  expect(qualityBounds(net)).toEqual(quality)
  const micros = fc.integer({ min: 0, max: 1e6 })
  fc.assert(
    fc.property(micros, micros, (share, taken) => {
      const learned = -1.2 + 4.2 * (toNet(share, net, taken) / 1e6)
      expect(Math.abs(learned - (-1 + 4 * (share / 1e6) - 0.2 * (taken / 1e6)))).toBeLessThan(4.2e-6)
    }),
    { seed: 1 },
  )
  expect([toNet(1e6, net), toNet(0, net, 1e6)]).toEqual([1e6, 0])
  expect(toNet(123, { bounds: quality }, 5)).toBe(123)
})
