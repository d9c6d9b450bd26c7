import { describe, expect, test } from 'vitest'
import {
  keyOf,
  type NewFixture,
  openOf,
  overBucket,
  reward,
  settings,
  sumsOf,
  timeIn,
  windowMs,
} from './fixture.ts'

export const rewardContract = (newFixture: NewFixture) =>
  describe('applyReward', () => {
    const open = async () => {
      const fixture = await newFixture()
      const store = await fixture.newStore()
      return { ...fixture, store, endpoint: store.endpoint(settings) }
    }

    test('adds the delta, keeps the mark and takes the pull out of pending', async () => {
      const { endpoint } = await open()
      await endpoint.recordPulls({
        gateway: 'g',
        sequence: 1,
        counts: [{ arm: 'a', bucket: overBucket, pulls: 3 }],
      })
      const before = await endpoint.readState()

      expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'applied' })
      expect(await endpoint.applyReward(reward({ key: keyOf(2) }))).toMatchObject({ status: 'applied' })

      const state = await endpoint.readState()
      expect(sumsOf(state, 'a')).toEqual([2, 500_000, 125_000])
      expect(openOf(state, 'a')).toEqual({ pulls: 3, rewarded: 2, voided: 0 })
      expect(state?.arms.get('a')?.totals).toEqual({
        pulls: 3,
        rewarded: 2,
        voided: 0,
        defaulted: 0,
        writtenOff: 0,
      })
      expect(state!.version).toBeGreaterThan(before!.version)
    })

    test('answers a second application with the mark that stands, and changes nothing', async () => {
      const { endpoint, dump } = await open()
      await endpoint.applyReward(reward({ mark: 'first ✓' }))
      const before = await dump()

      expect(await endpoint.applyReward(reward({ mark: 'other' }))).toMatchObject({
        status: 'conflict',
        mark: 'first ✓',
      })
      expect(await endpoint.applyReward(reward({ mark: 'first ✓' }))).toMatchObject({
        status: 'conflict',
        mark: 'first ✓',
      })
      expect(await endpoint.applyReward(reward({ key: keyOf(2), expectedMark: 'first ✓' }))).toMatchObject({
        status: 'conflict',
        mark: '',
      })
      expect(await dump()).toBe(before)
    })

    test('corrects a reward by the difference, and counts the decision once', async () => {
      const { endpoint } = await open()
      await endpoint.applyReward(reward({ delta: Float64Array.of(1, 999_999, 999_998) }))
      const difference = Float64Array.of(0, 123_456 - 999_999, 15_241 - 999_998)
      const correction = reward({ expectedMark: 'first', mark: 'second', delta: difference })

      expect(await endpoint.applyReward(correction)).toMatchObject({ status: 'applied' })
      expect(await endpoint.applyReward(correction)).toMatchObject({ status: 'conflict', mark: 'second' })

      const state = await endpoint.readState()
      expect(sumsOf(state, 'a')).toEqual([1, 123_456, 15_241])
      expect(openOf(state, 'a')).toEqual({ pulls: 0, rewarded: 1, voided: 0 })
      expect(state?.arms.get('a')?.totals.rewarded).toBe(1)
    })

    test('keeps sums exact up to 2^53 and reads fractions back as they were', async () => {
      const { endpoint } = await open()
      const delta = Float64Array.of(2 ** 53 - 2, 0.1, 1e-300, -1e300)
      await endpoint.applyReward(reward({ delta }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([...delta])
      await endpoint.applyReward(reward({ key: keyOf(2), delta: Float64Array.of(1, 0.2, 0, 0) }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([2 ** 53 - 1, 0.1 + 0.2, 1e-300, -1e300])
    })

    test('takes a reward at the last millisecond of the window and none after', async () => {
      const { endpoint, dump } = await open()
      const end = timeIn(overBucket) + windowMs
      expect(await endpoint.applyReward(reward({ acceptedAt: end }))).toMatchObject({ status: 'applied' })

      const before = await dump()
      expect(await endpoint.applyReward(reward({ key: keyOf(2), acceptedAt: end + 1 }))).toEqual({
        status: 'late',
      })
      expect(await dump()).toBe(before)
    })

    test('judges the window by its own clock when it is not told when the reward was accepted', async () => {
      const { endpoint } = await open()
      const bucket = Math.floor(Date.now() / settings.bucketMs)
      const { acceptedAt: _, ...early } = reward({ bucket, decidedAt: bucket * settings.bucketMs })
      const { acceptedAt: __, ...late } = reward({ key: keyOf(2) })
      expect(await endpoint.applyReward(early)).toMatchObject({ status: 'applied' })
      expect(await endpoint.applyReward(late)).toEqual({ status: 'late' })
    })

    test('is late only when it is so old that its mark may be gone, not because its bucket is closed', async () => {
      const { endpoint } = await open()
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      const older = { key: keyOf(2), bucket: overBucket - 1 }
      expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'applied' })
      expect(await endpoint.applyReward(reward(older))).toMatchObject({ status: 'applied' })

      expect(await endpoint.applyReward(reward({ key: keyOf(3), bucket: overBucket + 1 }))).toMatchObject({
        status: 'applied',
      })
      const other = (await open()).endpoint
      const twoDays = 2 * 8640
      expect(await other.applyReward(reward({ bucket: overBucket - twoDays }))).toEqual({ status: 'late' })
    })

    test('keeps endpoints and generations apart', async () => {
      const { store, endpoint } = await open()
      await endpoint.applyReward(reward())
      for (const other of [{ endpoint: 'letters' }, { generation: 'ffffffff' }]) {
        const neighbour = store.endpoint({ ...settings, ...other })
        expect(await neighbour.readState()).toMatchObject({
          version: 0,
          arms: new Map(),
          observed: new Map(),
        })
        expect(await neighbour.applyReward(reward())).toMatchObject({ status: 'applied' })
      }
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([1, 250_000, 62_500])
    })
  })
