import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { isWithin } from '../../../bandit/store/checkpoint.ts'
import type { EndpointState, EndpointStore } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, overBucket, reward, settings, sumsOf } from './fixture.ts'

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
      expect(conflict).toMatchObject({ status: 'conflict', stamp: { born: checkpoint.born, version: 2 } })
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

  test('what a checkpoint holds is counted no second time, but its mark is kept', async () => {
    const { newStore } = await newFixture()
    const endpoint = (await newStore()).endpoint(settings)
    expect(await endpoint.applyReward(reward({ counted: true }))).toMatchObject({ status: 'applied' })
    expect((await endpoint.readState())!.arms.size).toBe(0)
    expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'conflict', mark: 'first' })
  })
}
