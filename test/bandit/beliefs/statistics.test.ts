import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  epochWeights,
  type Forgetting,
  noForgetting,
  oldestEpoch,
  placeBucket,
} from '../../../bandit/beliefs/forgetting.ts'
import {
  type Draw,
  fromMicro,
  rewardDelta,
  subtract,
  toMicro,
  weighSums,
} from '../../../bandit/beliefs/statistics.ts'

type Epochs = Map<number, Float64Array>

const bucketMs = 60_000
const halfLifeMs = 6 * 3_600_000
const fading: Forgetting = { kind: 'half-life', halfLifeMs }
const start = Date.UTC(2026, 0, 1)

function add(epochs: Epochs, epoch: number, delta: Float64Array): void {
  const sums = epochs.get(epoch) ?? new Float64Array(5)
  epochs.set(
    epoch,
    sums.map((value, at) => value + delta[at]!),
  )
}

/** Sums as a store would keep them, and no epochs without anything in them. */
function nonZero(epochs: Epochs): (readonly [number, readonly number[]])[] {
  return [...epochs]
    .filter(([, sums]) => sums.some((value) => value !== 0))
    .map(([epoch, sums]) => [epoch, [...sums]] as const)
    .sort(([a], [b]) => a - b)
}

/** What a policy would read at `now`. */
function read(epochs: Epochs, now: number, forgetting: Forgetting) {
  return weighSums(epochs, epochWeights([epochs], now, forgetting)[0]!)
}

const toBucket = (ms: number) => Math.floor(ms / bucketMs)

const anyReward = fc.record({
  reward: fc.double({ min: 0, max: 1, noNaN: true }),
  decidedAt: fc.integer({ min: start, max: start + 20 * halfLifeMs }),
  propensity: fc.double({ min: 0.001, max: 1, noNaN: true }),
  coin: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

function deltaOf({ reward, decidedAt, ...draw }: { reward: number; decidedAt: number } & Draw) {
  const { epoch, weight } = placeBucket(toBucket(decidedAt), bucketMs, fading)
  return { epoch, delta: rewardDelta(toMicro(reward), weight, draw) }
}

describe('micro-units', () => {
  test('are whole, and the reward again to six digits', () => {
    expect([0, 1, 0.25, 0.1234567].map((reward) => toMicro(reward))).toEqual([0, 1_000_000, 250_000, 123_457])
    expect(fromMicro(toMicro(0.123457))).toBe(0.123457)
  })

  test.each([-1e-9, 1 + 1e-9, Number.NaN, Infinity])('%d is no reward', (reward) => {
    expect(() => toMicro(reward)).toThrow(RangeError)
  })
})

describe('the weight of a bucket', () => {
  test('without a half-life is 1, in epoch 0', () => {
    expect(placeBucket(29_000_000, bucketMs, noForgetting)).toEqual({ epoch: 0, weight: 1 })
  })

  test('doubles with every half-life and starts over at 1', () => {
    const perHalfLife = halfLifeMs / bucketMs
    expect(placeBucket(0, bucketMs, fading)).toEqual({ epoch: 0, weight: 1 })
    expect(placeBucket(perHalfLife / 2, bucketMs, fading)).toEqual({ epoch: 0, weight: Math.SQRT2 })
    expect(placeBucket(perHalfLife * 7, bucketMs, fading)).toEqual({ epoch: 7, weight: 1 })
  })

  test('lies in [1, 2) for every bucket, and makes whole deltas', () => {
    const bucket = fc.integer({ min: 0, max: 2 ** 31 })
    const anyHalfLife = fc.integer({ min: 1000, max: 10 ** 10 })
    fc.assert(
      fc.property(bucket, anyHalfLife, fc.double({ min: 0, max: 1, noNaN: true }), (at, halfLife, reward) => {
        const { epoch, weight } = placeBucket(at, bucketMs, { kind: 'half-life', halfLifeMs: halfLife })
        expect(Number.isInteger(epoch)).toBe(true)
        expect(weight).toBeGreaterThanOrEqual(1)
        expect(weight).toBeLessThan(2)
        expect(rewardDelta(toMicro(reward), weight).every((value) => Number.isInteger(value))).toBe(true)
      }),
      { seed: 11 },
    )
  })

  test('multiplies count, reward and square', () => {
    const draw = { propensity: 0.25, coin: 0.4 }
    expect([...rewardDelta(500_000, 1, draw)]).toEqual([1_000_000, 500_000, 250_000, 2_000_000, 1_000_000])
    expect([...rewardDelta(500_000, 1.5, draw)]).toEqual([1_500_000, 750_000, 375_000, 3_000_000, 1_500_000])
    expect([...rewardDelta(1_000_000, 1, draw)]).toEqual([1e6, 1e6, 1e6, 4e6, 1e6])
    expect([...rewardDelta(0, 1.25, draw)]).toEqual([1_250_000, 0, 0, 0, 0])
  })
})

describe('what a decision adds', () => {
  const reward = toMicro(0.3)

  test('a coin below the reward is a success, one on it or above is none', () => {
    const success = (coin: number, micro = reward) => rewardDelta(micro, 1, { propensity: 1, coin })[4]
    expect([success(0), success(0.299_999), success(0.3), success(0.9)]).toEqual([1e6, 1e6, 0, 0])
    expect([success(1 - 2 ** -42, 1e6), success(0, 0)]).toEqual([1e6, 0])
  })

  test('a propensity below a thousandth counts as a thousandth', () => {
    const importance = (propensity: number) => rewardDelta(reward, 1, { propensity, coin: 0 })[3]
    expect([importance(0.002), importance(1e-3), importance(1e-9)]).toEqual([150e6, 300e6, 300e6])
  })

  test('a default has no decision: nothing for its propensity, and its own value as a success', () => {
    expect([...rewardDelta(250_000, 1)]).toEqual([1e6, 250_000, 62_500, 0, 250_000])
  })
})

describe('sums under a half-life', () => {
  test('are the same bit for bit whatever the order of arrival', () => {
    const orders = fc.array(anyReward, { minLength: 1, maxLength: 60 }).chain((rewards) =>
      fc.record({
        rewards: fc.constant(rewards),
        shuffled: fc.shuffledSubarray(rewards, { minLength: rewards.length, maxLength: rewards.length }),
      }),
    )
    fc.assert(
      fc.property(orders, ({ rewards, shuffled }) => {
        const [inOrder, outOfOrder]: [Epochs, Epochs] = [new Map(), new Map()]
        for (const { epoch, delta } of rewards.map(deltaOf)) add(inOrder, epoch, delta)
        for (const { epoch, delta } of shuffled.map(deltaOf)) add(outOfOrder, epoch, delta)
        expect(nonZero(outOfOrder)).toEqual(nonZero(inOrder))
      }),
      { seed: 12 },
    )
  })

  test('forget a corrected reward without a trace: corrections equal a replay of the truth', () => {
    const corrections = fc.array(
      fc.record({ first: anyReward, truth: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) }),
      { minLength: 1, maxLength: 60 },
    )
    fc.assert(
      fc.property(corrections, (decisions) => {
        const [corrected, replayed]: [Epochs, Epochs] = [new Map(), new Map()]
        for (const { first } of decisions) {
          const { epoch, delta } = deltaOf(first)
          add(corrected, epoch, delta)
        }
        for (const { first, truth } of decisions) {
          const { epoch, delta } = deltaOf(first)
          // No truth takes the decision back altogether.
          const now = truth === null ? new Float64Array(5) : deltaOf({ ...first, reward: truth }).delta
          add(corrected, epoch, subtract(now, delta))
          add(replayed, epoch, now)
        }
        expect(nonZero(corrected)).toEqual(nonZero(replayed))
      }),
      { seed: 13 },
    )
  })
})

describe('a belief', () => {
  test('without a half-life is the plain sums', () => {
    const epochs: Epochs = new Map()
    for (const reward of [1, 0.5, 0]) add(epochs, 0, rewardDelta(toMicro(reward), 1))
    expect(read(epochs, start, noForgetting)).toEqual({
      count: 3,
      sum: 1.5,
      sumOfSquares: 1.25,
      importanceSum: 0,
      successes: 1.5,
    })
  })

  test('of an arm without rewards is empty', () => {
    const nothing = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }
    expect(read(new Map(), start, fading)).toEqual(nothing)
  })

  test('weighs every reward by 2^−(age of its bucket / half-life)', () => {
    fc.assert(
      fc.property(fc.array(anyReward, { minLength: 1, maxLength: 40 }), (rewards) => {
        const now = start + 20 * halfLifeMs
        const epochs: Epochs = new Map()
        let [count, sum, squares] = [0, 0, 0]
        for (const each of rewards) {
          const { epoch, delta } = deltaOf(each)
          add(epochs, epoch, delta)
          const weight = 2 ** -((now - toBucket(each.decidedAt) * bucketMs) / halfLifeMs)
          count += weight
          sum += weight * each.reward
          squares += weight * each.reward ** 2
        }
        const belief = read(epochs, now, fading)
        // Half a micro-unit is rounded off each sum of each reward, one more where the reward itself was rounded.
        expect(Math.abs(belief.count - count)).toBeLessThan(1e-6 * rewards.length)
        expect(Math.abs(belief.sum - sum)).toBeLessThan(2e-6 * rewards.length)
        expect(Math.abs(belief.sumOfSquares - squares)).toBeLessThan(3e-6 * rewards.length)
      }),
      { seed: 14 },
    )
  })

  test('halves in a half-life', () => {
    const epochs: Epochs = new Map()
    const { epoch, delta } = deltaOf({ reward: 0.5, decidedAt: start, propensity: 1, coin: 0 })
    add(epochs, epoch, delta)
    const at = (now: number) => read(epochs, now, fading)
    expect(at(start)).toMatchObject({ count: 1, sum: 0.5, sumOfSquares: 0.25 })
    expect(at(start + halfLifeMs)).toMatchObject({ count: 0.5, sum: 0.25, sumOfSquares: 0.125 })
    expect(at(start + 40 * halfLifeMs).count).toBeCloseTo(2 ** -40, 20)
  })

  test('does not grow when the clock that reads is behind the one that decided', () => {
    const epochs: Epochs = new Map()
    const { epoch, delta } = deltaOf({ reward: 1, decidedAt: start, propensity: 1, coin: 0 })
    add(epochs, epoch, delta)
    const behind = read(epochs, start - 3 * halfLifeMs, fading)
    expect(behind.count).toBe(1)
    expect(behind.sum).toBe(1)
  })
})

describe('the oldest epoch that counts', () => {
  test('is 40 half-lives back, and what is older weighs less than 10⁻¹²', () => {
    const now = start + 12_345_678
    const oldest = oldestEpoch(now, fading)
    expect(oldest).toBe(Math.floor(now / halfLifeMs) - 40)
    const lastBucketBefore = toBucket(oldest * halfLifeMs) - 1
    const { epoch, weight } = placeBucket(lastBucketBefore, bucketMs, fading)
    expect(epoch).toBe(oldest - 1)
    const epochs: Epochs = new Map([[epoch, rewardDelta(1_000_000, weight)]])
    expect(read(epochs, now, fading).count).toBeLessThan(1e-12)
  })

  test('is the only one without a half-life', () => {
    expect(oldestEpoch(start, noForgetting)).toBe(0)
  })
})
