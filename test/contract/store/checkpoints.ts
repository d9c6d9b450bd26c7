import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { isWithin } from '../../../bandit/store/checkpoint.ts'
import type { EndpointState, EndpointStore } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, openOf, overBucket, reward, settings, sumsOf } from './fixture.ts'

const hold = { ...settings, hold: true }
/** To the store a generation that nobody has used is what an emptied one is. */
const emptied = { ...hold, generation: 'ffffffff' }

/** Clocks of stores may tell no more than milliseconds. */
const moment = () => sleep(3)

const counts = [
  { arm: 'a', bucket: overBucket, pulls: 5 },
  { arm: 'b/c', bucket: overBucket + 1, pulls: 2 },
]

async function teach(endpoint: EndpointStore): Promise<void> {
  await endpoint.recordPulls({ gateway: 'one', sequence: 1, counts })
  const observed = [{ name: 'model:x', delta: Float64Array.of(1, 5, 0) }]
  await endpoint.applyReward(reward({ observed }))
  await endpoint.applyReward(reward({ key: keyOf(2), arm: 'b/c', bucket: overBucket + 1 }))
  await endpoint.applyReward(reward({ key: keyOf(3), to: 'void', delta: Float64Array.of(0, 0, 0) }))
  await endpoint.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta: Float64Array.of(1, 0, 0) })
}

const armsOf = (state: EndpointState | undefined) => state?.arms

export const checkpointContract = (newFixture: NewFixture) => {
  describe('a checkpoint', () => {
    test('given back is the state that it was taken of', async () => {
      const { newStore } = await newFixture()
      const store = await newStore()
      const before = store.endpoint(hold)
      await teach(before)
      const state = await before.readState()
      const checkpoint = JSON.parse(JSON.stringify(await before.dump()))
      expect(checkpoint).toMatchObject({ version: state!.version, closed: overBucket, ancestors: [] })
      await moment()
      const after = store.endpoint(emptied)
      expect(await after.restore(checkpoint)).toBe('restored')
      const restored = await after.readState()
      expect(armsOf(restored)).toEqual(armsOf(state))
      expect(restored!.observed).toEqual(state!.observed)
      expect(restored!.observed.size).toBe(1)
      expect(restored!.version).toBeGreaterThan(state!.version)
      expect((await after.dump()).closed).toBe(overBucket)
    })

    test('is added to what was learned since the store was emptied', async () => {
      const { newStore } = await newFixture()
      const store = await newStore()
      const before = store.endpoint(settings)
      await before.applyReward(reward())
      const checkpoint = await before.dump()
      await moment()
      const after = store.endpoint({ ...settings, generation: 'ffffffff' })
      await after.applyReward(reward({ key: keyOf(2) }))
      expect(await after.restore(checkpoint)).toBe('restored')
      expect(sumsOf(await after.readState(), 'a')).toEqual([2, 500_000, 125_000])
    })

    test('is given back by one of many, and never to the data that it was taken of', async () => {
      const { newStore, dump } = await newFixture()
      const stores = await Promise.all([1, 2, 3].map(() => newStore()))
      const before = stores[0]!.endpoint(hold)
      await teach(before)
      const checkpoint = await before.dump()
      await moment()
      const all = await dump()
      expect(await before.restore(checkpoint)).toBe('older')
      expect(await dump()).toBe(all)
      const results = await Promise.all(stores.map((store) => store.endpoint(emptied).restore(checkpoint)))
      expect(results.toSorted()).toEqual(['restored', 'settled', 'settled'])
      expect(armsOf(await stores[1]!.endpoint(emptied).readState())).toEqual(armsOf(await before.readState()))
    })

    test('says by versions which rewards it holds, over several losses', async () => {
      const { newStore } = await newFixture()
      const store = await newStore()
      const first = store.endpoint(settings)
      const one = await first.applyReward(reward())
      const checkpoint = await first.dump()
      const two = await first.applyReward(reward({ key: keyOf(2) }))
      await moment()
      const second = store.endpoint({ ...settings, generation: '22222222' })
      const three = await second.applyReward(reward({ key: keyOf(3) }))
      await second.restore(checkpoint)
      const lineage = await second.descend()
      expect(lineage.origin).toBe('restored')
      const stamps = [one, two, three].map(
        (result) => (result.status === 'applied' ? result.stamp : undefined)!,
      )
      expect(stamps.map((stamp) => isWithin(stamp, lineage))).toEqual([true, false, false])
      const next = await second.dump()
      await moment()
      const third = store.endpoint({ ...settings, generation: '33333333' })
      await third.restore(next)
      const last = await third.descend()
      expect(stamps.map((stamp) => isWithin(stamp, last))).toEqual([true, false, true])
      const conflict = await first.applyReward(reward({ mark: 'other' }))
      expect(conflict).toMatchObject({ status: 'conflict', stamp: { born: checkpoint.born, version: 1 } })
    })

    test('is not given back once it was said that nothing is', async () => {
      const { newStore } = await newFixture()
      const store = await newStore()
      const checkpoint = await store.endpoint(settings).dump()
      await moment()
      const after = store.endpoint({ ...settings, generation: 'ffffffff' })
      expect(await after.descend()).toMatchObject({ origin: 'unsettled', ancestors: [] })
      expect(await after.descend('bare')).toMatchObject({ origin: 'bare' })
      expect(await after.restore(checkpoint)).toBe('settled')
      expect(await after.descend('forgotten')).toMatchObject({ origin: 'forgotten' })
      expect(await after.descend('bare')).toMatchObject({ origin: 'forgotten' })
      expect((await after.readState())!.arms.size).toBe(0)
    })
  })

  test('a default that a checkpoint holds is taken back by the truth as it would have been', async () => {
    const { newStore } = await newFixture()
    const store = await newStore()
    const before = store.endpoint(hold)
    await teach(before)
    const checkpoint = JSON.parse(JSON.stringify(await before.dump()))
    await moment()
    const after = store.endpoint(emptied)
    await after.restore(checkpoint)
    const truth = reward({
      key: keyOf(4),
      afterWindow: true,
      defaultDelta: Float64Array.of(1, 0, 0),
      delta: Float64Array.of(1, 7, 0),
    })
    for (const each of [before, after])
      expect(await each.applyReward(truth)).toMatchObject({ status: 'applied' })
    expect(armsOf(await after.readState())).toEqual(armsOf(await before.readState()))
    expect((await after.readState())!.arms.get('a')!.totals).toMatchObject({ rewarded: 2, defaulted: 2 })
  })

  describe('what a checkpoint holds of a decision', () => {
    const base = { expected: '', next: 'first' }
    const nothing = { delta: Float64Array.of(0, 0, 0), from: 'unsettled', to: 'unsettled' } as const

    test('is counted no second time, but its mark is kept', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      const given = reward({ base, ...nothing })
      expect(await endpoint.applyReward(given)).toMatchObject({ status: 'applied' })
      expect((await endpoint.readState())!.arms.size).toBe(0)
      const again = { status: 'conflict', mark: 'first', stamp: { version: 0 } }
      expect(await endpoint.applyReward(reward())).toMatchObject(again)
      expect(await endpoint.applyReward(given)).toMatchObject({ ...again, base: 'first' })
    })

    test('is taken out again where it was counted before', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.applyReward(reward())
      const out = {
        delta: Float64Array.of(-1, -250_000, -62_500),
        from: 'rewarded',
        to: 'unsettled',
      } as const
      const late = reward({ base, ...out, expectedMark: 'first' })
      expect(await endpoint.applyReward(late)).toMatchObject({ status: 'applied' })
      const state = await endpoint.readState()
      expect(sumsOf(state, 'a')).toEqual([0, 0, 0])
      expect(state!.arms.get('a')!.totals.rewarded).toBe(0)
      expect(openOf(state, 'a')?.rewarded ?? 0).toBe(0)
      const after = await endpoint.applyReward(
        reward({ expectedMark: 'first', mark: 'second', from: 'rewarded' }),
      )
      expect(after).toMatchObject({ status: 'applied' })
      expect(sumsOf(await endpoint.readState(), 'a')).toEqual([1, 250_000, 62_500])
    })
  })

  test('a store that was given a checkpoint has another identity than before', async () => {
    const { newStore } = await newFixture()
    const store = await newStore()
    const checkpoint = await store.endpoint(settings).dump()
    await moment()
    const after = store.endpoint({ ...settings, generation: 'ffffffff' })
    const before = await after.identity()
    await after.descend('bare')
    expect(await after.identity()).toBe(before)
    expect(await after.restore(checkpoint)).toBe('settled')
    expect(await after.restore(checkpoint, 'bare')).toBe('restored')
    expect(await after.identity()).not.toBe(before)
  })

  test('pulls tell where the data has them, the same when they are sent again', async () => {
    const { newStore } = await newFixture()
    const endpoint = (await newStore()).endpoint(settings)
    const flush = { gateway: 'one', sequence: 1, counts }
    const stamp = await endpoint.recordPulls(flush)
    expect(stamp).toMatchObject({ version: 1 })
    await endpoint.applyReward(reward())
    expect(await endpoint.recordPulls(flush)).toEqual(stamp)
    expect(await endpoint.recordPulls({ ...flush, sequence: 2 })).toEqual({ ...stamp, version: 3 })
  })
}
