import { describe, expect, test } from 'vitest'
import type { EndpointSettings, EndpointStore } from '../../../bandit/store/store.ts'
import { keyOf, type NewFixture, overBucket, reward, settings, sumsOf } from './fixture.ts'

const one = { name: 'model:x', delta: Float64Array.of(1, 5, 0, 0, 2) }
const two = { name: 'arm:a/b', delta: Float64Array.of(3, 4) }

/** What answered beside the arm: sums of its own, in the same step as the reward. */
export const observedContract = (newFixture: NewFixture) =>
  describe('what is observed', () => {
    const open = async (changed: Partial<EndpointSettings> = {}) => {
      const { newStore, dump } = await newFixture()
      return { endpoint: (await newStore()).endpoint({ ...settings, ...changed }), dump }
    }

    const observedIn = async (endpoint: EndpointStore) =>
      Object.fromEntries(
        Array.from((await endpoint.readState())?.observed ?? [], ([name, epochs]) => [
          name,
          Array.from(epochs, ([epoch, sums]) => [epoch, ...sums]),
        ]),
      )

    test('adds up beside the arms, and is no arm', async () => {
      const { endpoint } = await open()
      await endpoint.applyReward(reward({ observed: [one, two] }))
      await endpoint.applyReward(reward({ key: keyOf(2), observed: [one] }))
      expect(await observedIn(endpoint)).toEqual({
        'model:x': [[7, 2, 10, 0, 0, 4]],
        'arm:a/b': [[7, 3, 4]],
      })
      const state = await endpoint.readState()
      expect([...state!.arms.keys()]).toEqual(['a'])
      expect(sumsOf(state, 'a')).toEqual([2, 500_000, 125_000])
    })

    test('is added with the mark or not at all', async () => {
      const { endpoint, dump } = await open()
      await endpoint.applyReward(reward({ observed: [one] }))
      const before = await dump()
      expect(await endpoint.applyReward(reward({ observed: [one] }))).toMatchObject({ status: 'conflict' })
      const twisted = { name: 'model:x', delta: Float64Array.of(1, 2) }
      const second = reward({ key: keyOf(2), observed: [two, twisted] })
      await expect(endpoint.applyReward(second)).rejects.toThrow(/as many numbers as the sums/)
      await expect(endpoint.applyReward(reward({ observed: [{ ...one, name: '' }] }))).rejects.toThrow(/name/)
      expect(await dump()).toBe(before)
    })

    test('is taken back by what was added with the sign turned', async () => {
      const { endpoint } = await open()
      await endpoint.applyReward(reward({ observed: [one] }))
      const back = { name: 'model:x', delta: one.delta.map((value) => -value) }
      await endpoint.applyReward(
        reward({ expectedMark: 'first', mark: 'void', to: 'void', observed: [back] }),
      )
      expect(await observedIn(endpoint)).toEqual({ 'model:x': [[7, 0, 0, 0, 0, 0]] })
    })

    test('is held as long as the reward that it came with, and joins the sums once', async () => {
      const { endpoint } = await open({ hold: true })
      await endpoint.recordPulls({
        gateway: 'g',
        sequence: 1,
        counts: [{ arm: 'a', bucket: overBucket, pulls: 1 }],
      })
      await endpoint.applyReward(reward({ observed: [one] }))
      expect(await observedIn(endpoint)).toEqual({})
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      expect(await observedIn(endpoint)).toEqual({ 'model:x': [[7, 1, 5, 0, 0, 2]] })
    })

    test('is forgotten with its epoch', async () => {
      const { endpoint } = await open()
      await endpoint.applyReward(reward({ observed: [one] }))
      await endpoint.pruneEpochs(8)
      expect(await observedIn(endpoint)).toEqual({})
    })

    test('an arm cannot take its place', async () => {
      const { endpoint } = await open()
      await expect(endpoint.applyReward(reward({ arm: '@model:x' }))).rejects.toThrow(/must not begin with @/)
    })
  })
