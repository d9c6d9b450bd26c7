import { describe, expect, test } from 'vitest'
import { keyOf, type NewFixture, openOf, overBucket, reward, settings } from './fixture.ts'

export const pullContract = (newFixture: NewFixture) =>
  describe('recordPulls', () => {
    const pulls = (arm: string, n: number, bucket = overBucket) => ({ arm, bucket, pulls: n })

    test('adds a flush once, however often it is sent', async () => {
      const { newStore, dump } = await newFixture()
      const [one, other] = [(await newStore()).endpoint(settings), (await newStore()).endpoint(settings)]
      const flush = { gateway: 'g', sequence: 4, counts: [pulls('a', 2), pulls('b', 5), pulls('a', 1)] }
      await one.recordPulls(flush)
      const before = await dump()

      await one.recordPulls(flush)
      await other.recordPulls(flush)
      await one.recordPulls({ ...flush, sequence: 3 })
      expect(await dump()).toBe(before)

      await one.recordPulls({ gateway: 'g', sequence: 5, counts: [pulls('a', 10)] })
      const state = await other.readState()
      expect(openOf(state, 'a')).toEqual({ pulls: 13, rewarded: 0, voided: 0 })
      expect(openOf(state, 'b')).toEqual({ pulls: 5, rewarded: 0, voided: 0 })
      expect(state?.arms.get('a')?.totals.pulls).toBe(13)
    })

    test('adds up what several gateways send, each under its own numbers', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      for (const gateway of ['g', 'h', 'h/1'])
        await endpoint.recordPulls({ gateway, sequence: 1, counts: [pulls('a', 2)] })
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 6, rewarded: 0, voided: 0 })
    })

    test('counts pulls that come after their rewards', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.applyReward(reward({ key: keyOf(1) }))
      await endpoint.applyReward(reward({ key: keyOf(2) }))
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 0, rewarded: 2, voided: 0 })

      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts: [pulls('a', 3)] })
      expect(openOf(await endpoint.readState(), 'a')).toEqual({ pulls: 3, rewarded: 2, voided: 0 })
      const { unrewarded } = await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
      expect(unrewarded).toEqual(new Map([['a', 1]]))
    })

    test('writes pulls of a closed bucket off instead of opening it again', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta: Float64Array.of(1) })
      const counts = [pulls('a', 3), pulls('a', 2, overBucket - 1), pulls('a', 4, overBucket + 1)]
      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts })

      const a = (await endpoint.readState())?.arms.get('a')
      expect(a?.open).toEqual(new Map([[overBucket + 1, { pulls: 4, rewarded: 0, voided: 0 }]]))
      expect(a?.totals).toEqual({ pulls: 9, rewarded: 0, voided: 0, defaulted: 0, writtenOff: 5 })
      expect(a?.epochs).toEqual(new Map())
    })

    test('takes a flush of nothing, which changes no state', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts: [] })
      await endpoint.recordPulls({ gateway: 'g', sequence: 2, counts: [pulls('a', 0)] })
      expect(await endpoint.readState()).toMatchObject({ version: 0, arms: new Map(), observed: new Map() })
    })
  })
