import { describe, expect, test } from 'vitest'
import type { EndpointStore } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, openOf, overBucket, reward, settings, sumsOf } from './fixture.ts'

export const bucketContract = (newFixture: NewFixture) =>
  describe('closeBucket', () => {
    const open = async () => (await (await newFixture()).newStore()).endpoint(settings)

    /** Arm a: 5 pulls, 2 rewarded; b: 3 pulls; c: 1 reward whose pull never came. */
    const fill = async (endpoint: EndpointStore, bucket = overBucket) => {
      const counts = [
        { arm: 'a', bucket, pulls: 5 },
        { arm: 'b', bucket, pulls: 3 },
      ]
      await endpoint.recordPulls({ gateway: `g${bucket}`, sequence: 1, counts })
      await endpoint.applyReward(reward({ bucket, key: keyOf(1) }))
      await endpoint.applyReward(reward({ bucket, key: keyOf(2) }))
      await endpoint.applyReward(reward({ bucket, key: keyOf(3), arm: 'c' }))
    }

    test('gives each unrewarded pull the default reward, exactly', async () => {
      const endpoint = await open()
      await fill(endpoint)
      const before = await endpoint.readState()
      const defaultDelta = Float64Array.of(1, 333_333, 111_111)
      const { unrewarded } = await endpoint.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta })
      expect(unrewarded).toEqual(
        new Map([
          ['a', 3],
          ['b', 3],
        ]),
      )

      const state = await endpoint.readState(before!.version)
      expect(sumsOf(state, 'a')).toEqual([2 + 3, 2 * 250_000 + 3 * 333_333, 2 * 62_500 + 3 * 111_111])
      expect(sumsOf(state, 'b')).toEqual([3, 999_999, 333_333])
      expect(sumsOf(state, 'c')).toEqual([1, 250_000, 62_500])
      expect(state?.arms.get('a')?.totals).toEqual({
        pulls: 5,
        rewarded: 2,
        voided: 0,
        defaulted: 3,
        writtenOff: 0,
      })
      for (const arm of ['a', 'b', 'c']) expect(state?.arms.get(arm)?.open).toEqual(new Map())
    })

    test('lets go of no marks that can still be changed', async () => {
      const endpoint = await open()
      await endpoint.applyReward(reward())
      const forgotten = { overdueMs: 0, givenUp: [] }
      expect(await endpoint.forgetMarks()).toEqual(forgotten)
      expect(await endpoint.forgetMarks({ journal: 'a', brought: Date.now() })).toEqual(forgotten)
      expect(await endpoint.forgetMarks({ journal: 'a', brought: undefined })).toEqual(forgotten)
      expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'conflict', mark: 'first' })
    })

    test('writes unrewarded pulls off when there is no default', async () => {
      const endpoint = await open()
      await fill(endpoint)
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      const state = await endpoint.readState()
      expect(sumsOf(state, 'a')).toEqual([2, 500_000, 125_000])
      expect(sumsOf(state, 'b')).toEqual([])
      expect(state?.arms.get('b')?.totals).toEqual({
        pulls: 3,
        rewarded: 0,
        voided: 0,
        defaulted: 0,
        writtenOff: 3,
      })
    })

    test('does it once, in turn and by several gateways at once', async () => {
      const { newStore, dump } = await newFixture()
      const gateways = await Promise.all([1, 2, 3].map(async () => (await newStore()).endpoint(settings)))
      await fill(gateways[0]!)
      const closing = { bucket: overBucket, epoch: 7, defaultDelta: Float64Array.of(1, 10, 100) }
      const results = await Promise.all(gateways.map((gateway) => gateway.closeBucket(closing)))
      expect(results.filter(({ unrewarded }) => unrewarded.size === 2)).toHaveLength(1)
      expect(results.filter(({ unrewarded }) => unrewarded.size === 0)).toHaveLength(2)

      const before = await dump()
      expect((await gateways[0]!.closeBucket(closing)).unrewarded.size).toBe(0)
      expect(await dump()).toBe(before)
      expect(sumsOf(await gateways[1]!.readState(), 'b')).toEqual([3, 30, 300])
    })

    test('leaves other buckets open, and takes rewards for newer ones', async () => {
      const endpoint = await open()
      await fill(endpoint)
      await fill(endpoint, overBucket + 1)
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      const newer = reward({ bucket: overBucket + 1, key: keyOf(9) })
      expect(await endpoint.applyReward(newer)).toMatchObject({ status: 'applied' })
      const state = await endpoint.readState()
      expect(openOf(state, 'a')).toBeUndefined()
      expect(openOf(state, 'a', overBucket + 1)).toEqual({ pulls: 5, rewarded: 3, voided: 0 })
    })

    test('ends a bucket that was filled before a newer one was closed', async () => {
      const endpoint = await open()
      await fill(endpoint)
      await endpoint.closeBucket({ bucket: overBucket + 1, epoch: 7 })
      expect(await endpoint.applyReward(reward({ key: keyOf(9) }))).toMatchObject({ status: 'applied' })
      const { unrewarded } = await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      expect(unrewarded.get('a')).toBe(2)
    })

    test('does nothing while a reward could still be on time', async () => {
      const endpoint = await open()
      const bucket = Math.floor(Date.now() / settings.bucketMs)
      await fill(endpoint, bucket)
      const before = await endpoint.readState()
      expect((await endpoint.closeBucket({ bucket, epoch: 7 })).unrewarded.size).toBe(0)
      expect(await endpoint.readState(before!.version)).toBeUndefined()
      expect(await endpoint.applyReward(reward({ bucket, key: keyOf(9) }))).toMatchObject({
        status: 'applied',
      })
    })

    test('tells arms with odd names apart', async () => {
      const endpoint = await open()
      const arms = ['a', 'a/1', `a/${overBucket}`, 'ä b%', '__proto__', '-']
      const counts = arms.map((arm, i) => ({ arm, bucket: overBucket, pulls: i + 1 }))
      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts })
      for (const [i, arm] of arms.entries()) await endpoint.applyReward(reward({ arm, key: keyOf(i) }))
      expect([...(await endpoint.readState())!.arms.keys()].sort()).toEqual(arms.toSorted())

      const { unrewarded } = await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      expect(unrewarded).toEqual(new Map(arms.slice(1).map((arm, i) => [arm, i + 1])))
      for (const { open: left } of (await endpoint.readState())!.arms.values()) expect(left.size).toBe(0)
    })

    test('pruneEpochs forgets old sums and nothing else', async () => {
      const endpoint = await open()
      await endpoint.applyReward(reward({ epoch: -3 }))
      await endpoint.applyReward(reward({ key: keyOf(2), epoch: 4 }))
      await endpoint.applyReward(reward({ key: keyOf(3), epoch: 5 }))
      const before = await endpoint.readState()
      await endpoint.pruneEpochs(5)
      const state = await endpoint.readState(before!.version)
      expect([...state!.arms.get('a')!.epochs.keys()]).toEqual([5])
      expect(openOf(state, 'a')).toEqual({ pulls: 0, rewarded: 3, voided: 0 })

      await endpoint.pruneEpochs(5)
      expect(await endpoint.readState(state!.version)).toBeUndefined()
    })
  })
