import { describe, expect, test } from 'vitest'
import { lastChange } from '../../../bandit/beliefs/change-detection.ts'
import {
  epochWeights,
  epochWidth,
  type Forgetting,
  oldestEpoch,
  placeBucket,
} from '../../../bandit/beliefs/forgetting.ts'
import { rewardDelta } from '../../../bandit/beliefs/statistics.ts'
import { uniformSource } from '../support/random-source.ts'

const hourMs = 3_600_000
const spanMs = 32 * hourMs
const start = 500_000 * hourMs

/** Sums of `count` rewards of 1 or 0 an epoch, as many ones as the epoch's mean says. */
function epochsOf(means: readonly number[], count: number, first = 0): Map<number, Float64Array> {
  const sumsOf = (mean: number) =>
    rewardDelta(1_000_000, mean * count).map((sum, at) => (at === 0 ? count * 1e6 : sum))
  return new Map(means.map((mean, at) => [first + at, sumsOf(mean)]))
}

describe('a sliding window', () => {
  const forgetting: Forgetting = { kind: 'sliding-window', spanMs }
  const weigh = epochWeights([new Map()], start, forgetting)[0]!

  test('keeps sums by a thirty-second of its span, each reward with weight 1', () => {
    expect(epochWidth(forgetting)).toBe(hourMs)
    expect(placeBucket(601, 60_000, forgetting)).toEqual({ epoch: 10, weight: 1 })
    expect(placeBucket(-1, 60_000, forgetting)).toEqual({ epoch: -1, weight: 1 })
  })

  test('lets the oldest epoch go by and by, and nothing of the newest', () => {
    const now = start + hourMs / 4
    const later = epochWeights([new Map()], now, forgetting)[0]!
    expect([weigh(500_000 - 33), weigh(500_000 - 32), weigh(499_999), weigh(500_000)]).toEqual([0, 1, 1, 1])
    expect([later(500_000 - 32), later(500_000 - 31), later(500_000)]).toEqual([0.75, 1, 1])
    expect(later(600_000)).toBe(1)
  })

  test('says which epochs may be dropped: none that has a weight', () => {
    const oldest = oldestEpoch(start + 1, forgetting)
    const later = epochWeights([new Map()], start + 1, forgetting)[0]!
    expect(later(oldest)).toBeGreaterThan(0)
    expect(later(oldest - 1)).toBe(0)
  })
})

describe('the newest change', () => {
  test('is where the mean moved', () => {
    const risk = 0.05
    expect(lastChange(epochsOf([0.3, 0.3, 0.3, 0.9, 0.9, 0.9], 100), risk)).toBe(3)
    expect(lastChange(epochsOf([0.3, 0.9, 0.9, 0.9, 0.2, 0.2, 0.2], 100, 40), risk)).toBe(44)
    expect(lastChange(epochsOf([0.3, 0.3, 0.3, 0.3], 100), risk)).toBe(-Infinity)
    expect(lastChange(new Map(), risk)).toBe(-Infinity)
  })

  test('is not seen before there is evidence for it', () => {
    // 2 · 20 · kl(¼, ½) = 5.23 against ln(3 · 40 √40 / 0.05) = 9.62; ten times the rewards give 52.3 against 13.1.
    expect(lastChange(epochsOf([0.25, 0.75], 20), 0.05)).toBe(-Infinity)
    expect(lastChange(epochsOf([0.25, 0.75], 200), 0.05)).toBe(1)
  })

  test('is a function of the sums: epochs without rewards and the order they are read in do not matter', () => {
    const epochs = epochsOf([0.3, 0.3, 0.9, 0.9], 100)
    expect(lastChange(new Map([...epochs, [9, new Float64Array(5)]].toReversed() as never), 0.05)).toBe(2)
  })

  test('is seen in steady rewards by chance at most as often as the risk says', () => {
    const uniform = uniformSource(31)
    let alarms = 0
    for (let run = 0; run < 400; run++) {
      const means = Array.from({ length: 32 }, () => {
        let ones = 0
        for (let at = 0; at < 25; at++) ones += uniform() < 0.4 ? 1 : 0
        return ones / 25
      })
      if (lastChange(epochsOf(means, 25), 0.2) !== -Infinity) alarms++
    }
    expect(alarms).toBeLessThan(80)
  })
})

describe('change detection', () => {
  const changed = epochsOf([0.3, 0.3, 0.9, 0.9], 100, 499_996)
  const steady = epochsOf([0.5, 0.5, 0.5, 0.5], 100, 499_996)
  const weightsOf = (scope: 'arm' | 'all') => {
    const weights = epochWeights([changed, steady], start, {
      kind: 'change-detection',
      spanMs,
      risk: 0.05,
      scope,
    })
    return weights.map((weigh) => [499_996, 499_997, 499_998, 499_999].map(weigh))
  }

  test('starts the arm over from its change', () => {
    expect(weightsOf('arm')).toEqual([
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ])
  })

  test('or all of them', () => {
    expect(weightsOf('all')).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ])
  })

  test('forgets what is older than its span all the same', () => {
    const forgetting: Forgetting = { kind: 'change-detection', spanMs, risk: 0.05, scope: 'arm' }
    const [weigh] = epochWeights([steady], start + 40 * hourMs, forgetting)
    expect(weigh!(499_999)).toBe(0)
  })
})
