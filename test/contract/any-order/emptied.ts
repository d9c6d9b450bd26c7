import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Store } from '../../../bandit/index.ts'
import { type History, historyAndOrders, lifeOf, plainOrder, windowMs } from './history.ts'
import { play } from './play.ts'

export interface EmptiedStores {
  readonly stores: readonly Store[]
  /** All that is kept of an endpoint is gone. */
  readonly empty: (endpoint: string) => Promise<void>
}

const moments = fc.tuple(fc.nat(20), fc.nat(20))

/** What is late teaches its delay and is in no journal. */
const inTime = (history: History): History => {
  const { rules, feedback } = history
  if (rules.corrections) return history
  return {
    ...history,
    feedback: Array.from(feedback, (one) => ({ ...one, acceptedMs: Math.min(one.acceptedMs, windowMs) })),
  }
}

/** Defaults, rewards that are held, contexts, labels, pulls and the ends of windows, with the store lost amid them. */
export const runEmptiedContract = (open: () => Promise<EmptiedStores>, numRuns: number) =>
  test('a store that lost all amid a history, and was given back a checkpoint, ends with the bits of one that did not', async () => {
    const { stores, empty } = await open()
    let played = 0
    const next = () => `shop-${(played += 1)}`
    const property = fc.asyncProperty(historyAndOrders, moments, async (told, picked) => {
      const history = inTime(told.history)
      const [order] = told.orders
      const steps = lifeOf(history, order).length
      const scratch = await play(stores, next(), history, plainOrder(history))
      const [savedBefore = 0, emptiedBefore = 0] = picked
        .map((moment) => moment % steps)
        .toSorted((a, b) => a - b)
      const loss = { savedBefore, emptiedBefore, empty }
      expect(await play(stores, next(), history, order, loss)).toEqual(scratch)
    })
    await fc.assert(property, { seed: 20_261_123, numRuns, endOnFailure: true })
  }, 60_000)
