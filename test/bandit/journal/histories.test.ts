import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { about } from './shop.ts'
import { createWorld, decisionOf, type World } from './world.ts'

const decisions = 6

type Step =
  | { readonly kind: 'say'; readonly decision: number; readonly reward: number }
  | { readonly kind: 'together'; readonly decision: number; readonly reward: number }
  | { readonly kind: 'tire'; readonly patience: number }
  | { readonly kind: 'pass' | 'turn' | 'crash' | 'empty' | 'back' | 'lose' | 'cut' }

const rewards = fc.constantFrom(0, 0.25, 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: say('say') },
  { weight: 2, arbitrary: say('together') },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tire'), patience: fc.nat(6) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('pass', 'turn', 'crash', 'empty', 'back', 'lose', 'cut'),
    }),
  },
)

function say<K extends 'say' | 'together'>(kind: K) {
  return fc.record({ kind: fc.constant(kind), decision: fc.nat(decisions - 1), reward: rewards })
}

/** Does one step; whatever is answered without a fault is what must count in the end. */
async function perform(world: World, model: Map<number, number>, next: Step): Promise<void> {
  switch (next.kind) {
    case 'say': {
      const feedback = about(decisionOf(next.decision), { reward: next.reward, eventId: 'sale' })
      const { status } = await world.learn(feedback)
      expect(['applied', 'corrected', 'duplicate', 'journalled']).toContain(status)
      model.set(next.decision, next.reward)
      return
    }
    case 'together': {
      const feedback = about(decisionOf(next.decision), { reward: next.reward, eventId: 'sale' })
      await Promise.all([world.learn(feedback), world.turn(), world.learn(feedback), world.learn(feedback)])
      model.set(next.decision, next.reward)
      return
    }
    case 'pass':
      world.now += 1500
      return
    case 'turn':
      return world.turn()
    case 'crash':
      return world.crash()
    case 'empty':
      return world.empty()
    case 'back':
      world.failing = 'no'
      world.patience = Infinity
      return
    case 'tire':
      world.patience = next.patience
      return
    case 'lose':
      world.failing = 'before'
      return
    case 'cut':
      world.failing = 'after'
  }
}

test('whatever fails in whatever order, the store ends with the newest word on every decision, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = await createWorld()
      const model = new Map<number, number>()
      for (const next of steps) await perform(world, model, next)
      world.failing = 'no'
      world.patience = Infinity
      world.now += 1500
      await world.turn()
      const sum = [...model.values()].reduce((total, reward) => total + reward, 0)
      const { a = [0, 0] } = await world.sums()
      expect(a).toEqual([model.size, sum])
      expect(world.journal().state().unsettled).toBe(0)
      expect(world.told.filter((told) => told.startsWith('fault'))).toEqual([])
      await world.journal().close()
    }),
    { numRuns: 150 },
  )
}, 60_000)
