import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../bandit/store/store.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { type NewFixture, overBucket, reward, settings } from './fixture.ts'

export const recordContract = (newFixture: NewFixture) => {
  describe('recordDecision', () => {
    test('keeps the first value under a key', async () => {
      const { newStore } = await newFixture()
      const [one, other] = [(await newStore()).endpoint(settings), (await newStore()).endpoint(settings)]
      const value = JSON.stringify({ text: 'é ✓ \u0000 "\n' })
      expect(await one.readDecision('order-9')).toBeUndefined()
      expect(await one.recordDecision('order-9', value, 60_000)).toEqual({ status: 'recorded' })
      expect(await other.recordDecision('order-9', 'other', 60_000)).toEqual({ status: 'exists', value })
      expect(await other.readDecision('order-9')).toBe(value)
    })

    test('lets exactly one of many at once be first', async () => {
      const { newStore } = await newFixture()
      const gateways = await Promise.all([1, 2, 3].map(async () => (await newStore()).endpoint(settings)))
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          gateways[i % 3]!.recordDecision('order-9', `value ${i}`, 60_000),
        ),
      )
      expect(results.filter(({ status }) => status === 'recorded')).toHaveLength(1)
      const standing = await gateways[0]!.readDecision('order-9')
      const others = results.filter((result) => result.status === 'exists')
      expect(new Set(others.map(({ value }) => value))).toEqual(new Set([standing]))
    })

    test('forgets a value when its time is over, and takes a new one', async () => {
      const { newStore } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.recordDecision('long', 'kept', 60_000)
      await endpoint.recordDecision('short', 'old', 40)
      await waitUntil(async () => (await endpoint.readDecision('short')) === undefined, {
        what: 'it is forgotten',
      })
      expect(await endpoint.recordDecision('short', 'new', 60_000)).toEqual({ status: 'recorded' })
      expect(await endpoint.readDecision('short')).toBe('new')
      expect(await endpoint.readDecision('long')).toBe('kept')
    })

    test('keeps the records of endpoints apart', async () => {
      const store = await (await newFixture()).newStore()
      await store.endpoint(settings).recordDecision('order-9', 'digits', 60_000)
      const letters = store.endpoint({ ...settings, endpoint: 'letters' })
      expect(await letters.readDecision('order-9')).toBeUndefined()
    })
  })

  describe('the store', () => {
    test('answers a ping', async () => {
      const store = await (await newFixture()).newStore()
      await expect(store.ping()).resolves.toBeUndefined()
    })

    test('gives every gateway the first signing secret', async () => {
      const { newStore } = await newFixture()
      const [one, other] = [await newStore(), await newStore()]
      const secrets = await Promise.all([one.signingSecret('s1'), other.signingSecret('s2')])
      expect(new Set(secrets).size).toBe(1)
      expect(await (await newStore()).signingSecret('s3')).toBe(secrets[0])
    })

    test('shares what secrets there are, the one that signs first', async () => {
      const { newStore } = await newFixture()
      const [one, other] = [await newStore(), await newStore()]
      await one.signingSecret('s1')
      expect(await one.shareSecrets(['s1'])).toEqual(['s1'])
      const both = await Promise.all([one.shareSecrets(['s1', 's2']), other.shareSecrets(['s3'])])
      expect(both.flat().filter((secret) => secret === 's1')).toHaveLength(2)
      expect((await other.shareSecrets([])).toSorted()).toEqual(['s1', 's2', 's3'])
      expect(await (await newStore()).signingSecret('s4')).toBe('s1')
      await expect(one.shareSecrets(['two words'])).rejects.toThrow(RangeError)
    })

    test('tells the time by the clock that ends windows', async () => {
      const store = await (await newFixture()).newStore()
      const before = Date.now()
      const time = await store.time()
      // The clock of a server on this machine is this one.
      expect(time).toBeGreaterThanOrEqual(before)
      expect(time).toBeLessThan(Date.now() + 1)
    })

    test('says nothing of a state that is known already', async () => {
      const { newStore } = await newFixture()
      const [one, other] = [(await newStore()).endpoint(settings), (await newStore()).endpoint(settings)]
      expect(await one.readState()).toMatchObject({ version: 0, arms: new Map(), observed: new Map() })
      expect(await one.readState(0)).toBeUndefined()
      await other.applyReward(reward())
      const state = await one.readState(0)
      expect(state?.arms.has('a')).toBe(true)
      expect(await one.readState(state!.version)).toBeUndefined()
      await other.recordPulls({
        gateway: 'g',
        sequence: 1,
        counts: [{ arm: 'a', bucket: overBucket, pulls: 1 }],
      })
      expect((await one.readState(state!.version))!.version).toBeGreaterThan(state!.version)
    })

    test('names its data the same to every gateway', async () => {
      const { newStore } = await newFixture()
      const endpoints = [(await newStore()).endpoint(settings), (await newStore()).endpoint(settings)]
      const names = await Promise.all(endpoints.map((endpoint) => endpoint.identity()))
      expect(names[0]).toMatch(/\w/)
      expect(names[1]).toBe(names[0])
      await endpoints[0]!.applyReward(reward())
      expect(await endpoints[1]!.identity()).toBe(names[0])
    })

    test('is unavailable once closed, and may be closed again', async () => {
      const store = await (await newFixture()).newStore()
      const endpoint = store.endpoint(settings)
      await store.close()
      await store.close()
      await expect(store.ping()).rejects.toThrow(StoreUnavailable)
      await expect(endpoint.readState()).rejects.toThrow(StoreUnavailable)
      await expect(endpoint.applyReward(reward())).rejects.toThrow(StoreUnavailable)
    })

    test('has carried out what it was asked before it closes', async () => {
      const { newStore } = await newFixture()
      const store = await newStore()
      const applied = store.endpoint(settings).applyReward(reward())
      await store.close()
      expect(await applied).toMatchObject({ status: 'applied' })
      expect((await (await newStore()).endpoint(settings).readState())?.arms.has('a')).toBe(true)
    })
  })
}
