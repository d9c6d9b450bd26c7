import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fromMicro,
  oldestEpoch,
  placeBucket,
  rewardDelta,
  subtract,
  toBelief,
  toMicro,
} from '../../bandit/statistics.ts'

type Epochs = Map<number, Float64Array>

const bucketMs = 60_000
const halfLifeMs = 6 * 3_600_000
const start = Date.UTC(2026, 0, 1)

function add(epochs: Epochs, epoch: number, delta: Float64Array): void {
  const sums = epochs.get(epoch) ?? new Float64Array(3)
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

const toBucket = (ms: number) => Math.floor(ms / bucketMs)

const anyReward = fc.record({
  reward: fc.double({ min: 0, max: 1, noNaN: true }),
  decidedAt: fc.integer({ min: start, max: start + 20 * halfLifeMs }),
})

function deltaOf({ reward, decidedAt }: { reward: number; decidedAt: number }) {
  const { epoch, weight } = placeBucket(toBucket(decidedAt), bucketMs, halfLifeMs)
  return { epoch, delta: rewardDelta(toMicro(reward), weight) }
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
    expect(placeBucket(29_000_000, bucketMs, undefined)).toEqual({ epoch: 0, weight: 1 })
  })

  test('doubles with every half-life and starts over at 1', () => {
    const perHalfLife = halfLifeMs / bucketMs
    expect(placeBucket(0, bucketMs, halfLifeMs)).toEqual({ epoch: 0, weight: 1 })
    expect(placeBucket(perHalfLife / 2, bucketMs, halfLifeMs)).toEqual({ epoch: 0, weight: Math.SQRT2 })
    expect(placeBucket(perHalfLife * 7, bucketMs, halfLifeMs)).toEqual({ epoch: 7, weight: 1 })
  })

  test('lies in [1, 2) for every bucket, and makes whole deltas', () => {
    const bucket = fc.integer({ min: 0, max: 2 ** 31 })
    const anyHalfLife = fc.integer({ min: 1000, max: 10 ** 10 })
    fc.assert(
      fc.property(bucket, anyHalfLife, fc.double({ min: 0, max: 1, noNaN: true }), (at, halfLife, reward) => {
        const { epoch, weight } = placeBucket(at, bucketMs, halfLife)
        expect(Number.isInteger(epoch)).toBe(true)
        expect(weight).toBeGreaterThanOrEqual(1)
        expect(weight).toBeLessThan(2)
        expect(rewardDelta(toMicro(reward), weight).every((value) => Number.isInteger(value))).toBe(true)
      }),
      { seed: 11 },
    )
  })

  test('multiplies count, reward and square', () => {
    expect([...rewardDelta(500_000, 1)]).toEqual([1_000_000, 500_000, 250_000])
    expect([...rewardDelta(500_000, 1.5)]).toEqual([1_500_000, 750_000, 375_000])
    expect([...rewardDelta(1_000_000, 1)]).toEqual([1_000_000, 1_000_000, 1_000_000])
    expect([...rewardDelta(0, 1.25)]).toEqual([1_250_000, 0, 0])
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
          const now = truth === null ? new Float64Array(3) : deltaOf({ ...first, reward: truth }).delta
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
    expect(toBelief({ name: 'a', epochs, pending: 4 }, start, undefined)).toEqual({
      name: 'a',
      count: 3,
      sum: 1.5,
      sumOfSquares: 1.25,
      pending: 4,
    })
  })

  test('of an arm without rewards is empty', () => {
    const belief = toBelief({ name: 'a', epochs: new Map(), pending: 0 }, start, halfLifeMs)
    expect(belief).toEqual({ name: 'a', count: 0, sum: 0, sumOfSquares: 0, pending: 0 })
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
        const belief = toBelief({ name: 'a', epochs, pending: 0 }, now, halfLifeMs)
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
    const { epoch, delta } = deltaOf({ reward: 0.5, decidedAt: start })
    add(epochs, epoch, delta)
    const at = (now: number) => toBelief({ name: 'a', epochs, pending: 0 }, now, halfLifeMs)
    expect(at(start)).toMatchObject({ count: 1, sum: 0.5, sumOfSquares: 0.25 })
    expect(at(start + halfLifeMs)).toMatchObject({ count: 0.5, sum: 0.25, sumOfSquares: 0.125 })
    expect(at(start + 40 * halfLifeMs).count).toBeCloseTo(2 ** -40, 20)
  })

  test('does not grow when the clock that reads is behind the one that decided', () => {
    const epochs: Epochs = new Map()
    const { epoch, delta } = deltaOf({ reward: 1, decidedAt: start })
    add(epochs, epoch, delta)
    const behind = toBelief({ name: 'a', epochs, pending: 0 }, start - 3 * halfLifeMs, halfLifeMs)
    expect(behind.count).toBe(1)
    expect(behind.sum).toBe(1)
  })
})

describe('the oldest epoch that counts', () => {
  test('is 40 half-lives back, and what is older weighs less than 10⁻¹²', () => {
    const now = start + 12_345_678
    const oldest = oldestEpoch(now, halfLifeMs)
    expect(oldest).toBe(Math.floor(now / halfLifeMs) - 40)
    const lastBucketBefore = toBucket(oldest * halfLifeMs) - 1
    const { epoch, weight } = placeBucket(lastBucketBefore, bucketMs, halfLifeMs)
    expect(epoch).toBe(oldest - 1)
    const epochs: Epochs = new Map([[epoch, rewardDelta(1_000_000, weight)]])
    expect(toBelief({ name: 'a', epochs, pending: 0 }, now, halfLifeMs).count).toBeLessThan(1e-12)
  })

  test('is the only one without a half-life', () => {
    expect(oldestEpoch(start, undefined)).toBe(0)
  })
})
