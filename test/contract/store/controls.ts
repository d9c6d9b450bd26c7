import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../bandit/store/store.ts'
import { type NewFixture, settings } from './fixture.ts'

export const controlsContract = (newFixture: NewFixture) => {
  describe('controls', () => {
    test('are nothing before they are something, and then what was written last', async () => {
      const { newStore } = await newFixture()
      const [one, other] = [(await newStore()).endpoint(settings), (await newStore()).endpoint(settings)]
      expect(await one.readControls()).toEqual({ revision: 0, text: '' })
      expect(await one.readControls(0)).toBeUndefined()
      const text = JSON.stringify({ a: { paused: true }, 'é ✓ \n': {} })
      expect(await one.writeControls(0, { revision: 1, text })).toBe('written')
      expect(await other.readControls(0)).toEqual({ revision: 1, text })
      expect(await other.readControls(1)).toBeUndefined()
      expect(await other.writeControls(1, { revision: 1001, text: '{}' })).toBe('written')
      expect(await one.readControls(1)).toEqual({ revision: 1001, text: '{}' })
    })

    test('written over a revision that is not there change nothing', async () => {
      const { newStore, dump } = await newFixture()
      const endpoint = (await newStore()).endpoint(settings)
      await endpoint.writeControls(0, { revision: 4, text: 'four' })
      const before = await dump()
      for (const expected of [0, 3, 5]) {
        expect(await endpoint.writeControls(expected, { revision: 9, text: 'nine' })).toBe('conflict')
      }
      expect(await dump()).toBe(before)
    })

    test('of many at once lose nothing', async () => {
      const { newStore } = await newFixture()
      const gateways = await Promise.all([1, 2, 3].map(async () => (await newStore()).endpoint(settings)))
      const add = async (name: string, at: number): Promise<void> => {
        const gateway = gateways[at % 3]!
        for (;;) {
          const { revision, text } = (await gateway.readControls())!
          const next = { revision: revision + 1, text: `${text} ${name}` }
          if ((await gateway.writeControls(revision, next)) === 'written') return
        }
      }
      const names = Array.from({ length: 12 }, (_, n) => `change-${n}`)
      await Promise.all(names.map(add))
      const { revision, text } = (await gateways[0]!.readControls())!
      expect(revision).toBe(names.length)
      expect(text.trim().split(' ').toSorted()).toEqual(names.toSorted())
    })

    test('belong to the endpoint, whatever the definition of its reward', async () => {
      const store = await (await newFixture()).newStore()
      await store.endpoint(settings).writeControls(0, { revision: 1, text: 'x' })
      const redefined = store.endpoint({ ...settings, generation: 'ffffffff' })
      expect(await redefined.readControls()).toEqual({ revision: 1, text: 'x' })
      const letters = store.endpoint({ ...settings, endpoint: 'letters' })
      expect(await letters.readControls()).toEqual({ revision: 0, text: '' })
    })

    test('that make no sense are refused before anything is written', async () => {
      const { newStore, dump } = await newFixture()
      const store = await newStore()
      const endpoint = store.endpoint(settings)
      const before = await dump()
      for (const [expected, revision, text] of [
        [-1, 1, 'x'],
        [1, 1, 'x'],
        [0, 1.5, 'x'],
        [0, 1, ''],
      ] as const) {
        // prettier-ignore
        await expect(endpoint.writeControls(expected, { revision, text })).rejects.toThrow(RangeError)
      }
      expect(await dump()).toBe(before)
      await store.close()
      await expect(endpoint.readControls()).rejects.toThrow(StoreUnavailable)
      await expect(endpoint.writeControls(0, { revision: 1, text: 'x' })).rejects.toThrow(StoreUnavailable)
    })
  })
}
