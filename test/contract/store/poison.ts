import { describe, expect, test } from 'vitest'
import type { BucketClosing, PullFlush, RewardApplication } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, overBucket, reward, settings } from './fixture.ts'

const notIntegers = [NaN, Infinity, -Infinity, 0.5, 2 ** 53]
const notFinite = [NaN, Infinity, -Infinity]

/** As long as the sums that are there, but with one number that is not one, or of another length, or too great. */
const badDeltas = [
  ...notFinite.map((value) => Float64Array.of(1, value, 1)),
  Float64Array.of(),
  Float64Array.of(1, 2),
  Float64Array.of(1, 2, 3, 4),
  Float64Array.of(1, Number.MAX_VALUE, 1),
]

const badRewards: Partial<RewardApplication>[] = [
  ...['', 'short', `${keyOf(1)}x`, 'sixteen chars ok'].map((key) => ({ key })),
  { arm: '' },
  { mark: '' },
  { expectedMark: 'first', mark: 'first' },
  ...notIntegers.map((epoch) => ({ epoch })),
  ...[...notIntegers, overBucket + 1].map((bucket) => ({ bucket, decidedAt: reward().decidedAt })),
  ...notFinite.map((decidedAt) => ({ decidedAt })),
  ...notFinite.map((acceptedAt) => ({ acceptedAt })),
  ...badDeltas.map((delta) => ({ key: keyOf(2), delta })),
  ...badDeltas.slice(0, -1).map((defaultDelta) => ({ key: keyOf(2), defaultDelta })),
  { key: keyOf(2), from: 'rewarded' },
  { expectedMark: 'first', mark: 'second', from: 'void', to: 'rewarded' },
  { expectedMark: 'first', mark: 'second', from: 'rewarded', to: 'unsettled' },
]

const good = { arm: 'a', bucket: overBucket, pulls: 1 }
const badFlushes: Partial<PullFlush>[] = [
  { gateway: '' },
  ...[...notIntegers, 0, -1].map((sequence) => ({ sequence })),
  { counts: [good, { ...good, arm: '' }] },
  ...notIntegers.map((bucket) => ({ counts: [good, { ...good, bucket }] })),
  ...[...notIntegers, -1].map((pulls) => ({ counts: [good, { ...good, pulls }] })),
]

const badClosings: Partial<BucketClosing>[] = [
  ...notIntegers.map((bucket) => ({ bucket })),
  ...notIntegers.map((epoch) => ({ epoch })),
  ...badDeltas.map((defaultDelta) => ({ defaultDelta })),
]

export const poisonContract = (newFixture: NewFixture) =>
  describe('an argument that cannot be right', () => {
    test('is refused, and nothing is written', async () => {
      const { newStore, dump } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.applyReward(reward({ delta: Float64Array.of(1, Number.MAX_VALUE, 1) }))
      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts: [{ ...good, pulls: 3 }] })
      const before = await dump()

      const flush = { gateway: 'g', sequence: 2, counts: [good] }
      const closing = { bucket: overBucket, epoch: 7 }
      const asked = [
        ...badRewards.map((bad) => () => endpoint.applyReward(reward(bad))),
        ...badFlushes.map((bad) => () => endpoint.recordPulls({ ...flush, ...bad })),
        ...badClosings.map((bad) => () => endpoint.closeBucket({ ...closing, ...bad })),
        ...notIntegers.map((before) => () => endpoint.pruneEpochs(before)),
        ...[...notIntegers, 0, -1].map((ttlMs) => () => endpoint.recordDecision('order-9', 'value', ttlMs)),
        () => endpoint.recordDecision('', 'value', 1000),
        () => endpoint.recordDecision('order-9', '', 1000),
      ]
      for (const [i, ask] of asked.entries()) {
        await expect(ask(), `case ${i}`).rejects.toThrow(RangeError)
        expect(await dump(), `case ${i}`).toBe(before)
      }
    })

    test('among good ones fails alone', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      const deltas = [[1, 2], [1, 2, 3], [3, 4], [5]].map((delta) => Float64Array.from(delta))
      const results = await Promise.allSettled(
        deltas.map((delta, i) => endpoint.applyReward(reward({ key: keyOf(i), delta }))),
      )
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
      const a = (await endpoint.readState())?.arms.get('a')
      expect([...a!.epochs.get(7)!]).toEqual([4, 6])
      expect(a!.totals.rewarded).toBe(2)
    })

    test('refuses settings that make no sense', async () => {
      const store = await (await newFixture()).newStore()
      for (const bad of [
        { endpoint: '' },
        { endpoint: 'a{b}' },
        { generation: '' },
        { windowMs: 0 },
        { bucketMs: NaN },
        { retentionMs: -1 },
      ])
        expect(() => store.endpoint({ ...settings, ...bad })).toThrow(RangeError)
    })
  })
