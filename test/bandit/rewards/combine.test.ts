import { describe, expect, test } from 'vitest'
import { combined } from '../../../bandit/rewards/combine.ts'

/** Rewards from −1 to 1: a reward of 0 lies in the middle. */
const middle = 500_000

describe('several events of one decision', () => {
  test('count by where they lie, not from a 0 of the rule itself', () => {
    const losses = [200_000, 100_000, 300_000]
    expect(combined(losses, 'max', middle)).toBe(300_000)
    expect(combined(losses, 'min', middle)).toBe(100_000)
    expect(combined(losses, 'mean', middle)).toBe(200_000)
    expect(combined(losses, 'first', middle)).toBe(200_000)
    expect(combined(losses, 'last', middle)).toBe(300_000)
  })

  test('sum as rewards: 0.5 and −0.25 are 0.25, and a sum stays within the bounds', () => {
    expect(combined([750_000, 375_000], 'sum', middle)).toBe(625_000)
    expect(combined([750_000], 'sum', middle)).toBe(750_000)
    expect(combined([900_000, 900_000], 'sum', middle)).toBe(1_000_000)
    expect(combined([100_000, 100_000], 'sum', middle)).toBe(0)
    expect(combined([400_000, 300_000], 'sum', 0)).toBe(700_000)
  })
})
