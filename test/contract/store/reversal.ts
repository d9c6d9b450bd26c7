import { describe, expect, test } from 'vitest'
import type { EndpointSettings, EndpointStore, RewardApplication } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, openOf, overBucket, reward, settings, sumsOf, windowMs } from './fixture.ts'

const truth = Float64Array.of(1, 750_000, 562_500)
const nothing = Float64Array.of(0, 0, 0)
const defaultDelta = Float64Array.of(1, 100_000, 10_000)
const closing = { bucket: overBucket, epoch: 7, defaultDelta }

const noTotals = { pulls: 0, rewarded: 0, voided: 0, defaulted: 0, writtenOff: 0 }

/** Every step in the life of a decision can be taken back, before its bucket is closed and after it. */
export const reversalContract = (newFixture: NewFixture) =>
  describe('taking back', () => {
    const open = async (changed: Partial<EndpointSettings> = {}, pulls = 2) => {
      const { newStore, dump } = await newFixture()
      const endpoint = (await newStore()).endpoint({ ...settings, ...changed })
      const counts = [{ arm: 'a', bucket: overBucket, pulls }]
      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts })
      return { endpoint, dump }
    }

    const totalsOf = async (endpoint: EndpointStore) =>
      (await endpoint.readState())?.arms.get('a')?.totals ?? noTotals

    const late = (changed: Partial<RewardApplication> = {}) =>
      reward({ delta: truth, defaultDelta, afterWindow: true, acceptedAt: Date.now(), ...changed })

    test('a default, once, for the truth: the sums are those of the truth alone', async () => {
      const { endpoint, dump } = await open({}, 1)
      await endpoint.closeBucket(closing)
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([...defaultDelta])
      const before = await dump()
      expect(await endpoint.applyReward(late({ afterWindow: false }))).toEqual({ status: 'late' })
      expect(await dump()).toBe(before)

      expect(await endpoint.applyReward(late())).toMatchObject({ status: 'applied' })
      expect(await endpoint.applyReward(late())).toMatchObject({ status: 'conflict', mark: 'first' })
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([...truth])
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 1, rewarded: 1 })
      await endpoint.closeBucket(closing)
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([...truth])
    })

    test('as many defaults as truths come, and none for a decision whose pull never came', async () => {
      const { endpoint } = await open()
      await endpoint.closeBucket(closing)
      for (const n of [1, 2, 3]) await endpoint.applyReward(late({ key: keyOf(n) }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual(Array.from(truth, (value) => 3 * value))
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 2, rewarded: 3 })
    })

    test('a default by many gateways at once, once', async () => {
      const { newStore } = await newFixture()
      const gateways = await Promise.all([1, 2, 3].map(async () => (await newStore()).endpoint(settings)))
      const counts = [{ arm: 'a', bucket: overBucket, pulls: 5 }]
      await gateways[0]!.recordPulls({ gateway: 'g', sequence: 1, counts })
      const truths = [1, 2, 3].flatMap((n) =>
        gateways.map((gateway) => () => gateway.applyReward(late({ key: keyOf(n) }))),
      )
      const all = [...truths, () => gateways[1]!.closeBucket(closing)]
      await Promise.all(all.map((work) => work()))
      const expected = truth.map((value, i) => 3 * value + 2 * defaultDelta[i]!)
      expect(sumsOf(await gateways[0]!.readState(), 'a')).toEqual([...expected])
      expect(await totalsOf(gateways[2]!)).toEqual({ ...noTotals, pulls: 5, rewarded: 3, defaulted: 2 })
    })

    test('what was written off', async () => {
      const { endpoint } = await open()
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      await endpoint.applyReward(late())
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([...truth])
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 2, rewarded: 1, writtenOff: 1 })
    })

    test('a pull that was never shown, whatever had become of it', async () => {
      const { endpoint } = await open({}, 4)
      const voiding = { to: 'void', defaultDelta } as const
      await endpoint.applyReward(reward({ ...voiding, key: keyOf(1), delta: nothing }))
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 4, rewarded: 0, voided: 1 })

      await endpoint.applyReward(reward({ key: keyOf(2), delta: truth }))
      const takenBack = { expectedMark: 'first', mark: 'void', delta: truth.map((value) => -value) }
      await endpoint.applyReward(reward({ ...voiding, ...takenBack, key: keyOf(2) }))
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 4, rewarded: 0, voided: 2 })
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([0, 0, 0])

      await endpoint.applyReward(reward({ key: keyOf(3), delta: truth }))
      expect((await endpoint.closeBucket(closing)).unrewarded).toEqual(new Map([['a', 1]]))
      await endpoint.applyReward(reward({ ...voiding, ...takenBack, key: keyOf(3) }))
      await endpoint.applyReward(reward({ ...voiding, key: keyOf(4), delta: nothing }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([0, 0, 0])
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 4, voided: 4 })
    })

    test('leaves a decision unsettled that is only heard of', async () => {
      const { endpoint } = await open({}, 1)
      const heard = { to: 'unsettled', mark: 'heard', afterWindow: true } as const
      await endpoint.applyReward(reward({ ...heard, delta: Float64Array.of(0, 0, 1) }))
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 1, rewarded: 0, voided: 0 })
      await endpoint.closeBucket(closing)
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 1, defaulted: 1 })
      await endpoint.applyReward(late({ from: 'unsettled', expectedMark: 'heard', mark: 'known' }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([1, 750_000, 562_501])
      expect(await totalsOf(endpoint)).toEqual({ ...noTotals, pulls: 1, rewarded: 1 })
    })

    test('holds rewards apart until the bucket is closed, and corrects them before and after', async () => {
      const { endpoint } = await open({ hold: true }, 3)
      await endpoint.applyReward(reward({ key: keyOf(1), delta: truth }))
      await endpoint.applyReward(reward({ key: keyOf(2), delta: truth }))
      const less = { expectedMark: 'first', mark: 'second', delta: Float64Array.of(0, -500_000, -500_000) }
      await endpoint.applyReward(reward({ ...less, key: keyOf(1) }))
      const before = await endpoint.readState()
      expect(sumsOf(before, 'a')).toEqual([])
      expect(before?.arms.get('a')?.held).toEqual(new Map([[overBucket, Float64Array.of(2, 1e6, 625_000)]]))

      await endpoint.closeBucket(closing)
      const learned = [3, 1_100_000, 635_000]
      const after = await endpoint.readState()
      expect(sumsOf(after, 'a')).toEqual(learned)
      expect(after?.arms.get('a')?.held).toEqual(new Map())
      await endpoint.closeBucket(closing)
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual(learned)

      await endpoint.applyReward(reward({ ...less, key: keyOf(2) }))
      await endpoint.applyReward(late({ key: keyOf(3) }))
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([
        3,
        250_000 * 2 + 750_000,
        62_500 * 2 + 562_500,
      ])
    })

    test('is over when the mark may be gone', async () => {
      const { endpoint } = await open({ retentionMs: 1000 })
      expect(await endpoint.applyReward(late())).toEqual({ status: 'late' })
      expect(windowMs).toBeLessThan(600_000)
    })
  })
