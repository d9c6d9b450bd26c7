import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { historyAndOrders, plainOrder } from './any-order/history.ts'
import { play } from './any-order/play.ts'
import type { NewFixture } from './store/fixture.ts'

/** Whatever order things are heard in, and however often: what is learned is a function of what happened. */
export const runAnyOrderContract = ({ name, newFixture, runs }: AnyOrderOptions) =>
  describe(`any order over ${name}`, () => {
    test('three gateways end with the bits of one that is told everything once, from scratch', async () => {
      const { newStore } = await newFixture()
      const stores = await Promise.all([newStore(), newStore(), newStore()])
      let played = 0
      const next = () => `shop-${(played += 1)}`
      const property = fc.asyncProperty(historyAndOrders, async ({ history, orders }) => {
        const scratch = await play(stores, next(), history, plainOrder(history))
        for (const order of orders) expect(await play(stores, next(), history, order)).toEqual(scratch)
      })
      await fc.assert(property, { seed: 20_261_122, numRuns: runs, endOnFailure: true })
      expect(played).toBe(3 * runs)
    }, 60_000)
  })

interface AnyOrderOptions {
  readonly name: string
  readonly newFixture: NewFixture
  readonly runs: number
}
