import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createKey, netBounds, unitBounds, type Decision, type Feedback } from '../../bandit/index.ts'
import { graceMs } from '../../bandit/rewards/sweep.ts'
import { learningIds as ids, openLearning } from '../fixtures/learning-gateway.ts'
import type { NewFixture } from './store/fixture.ts'

const windowMs = 60_000
const bucketMs = 1000
const penalty = { perSecond: 0.1, costs: {}, most: 0.25 }
/** Of the net rewards: 0.25 below the least that feedback may say. */
const bounds = netBounds(unitBounds, penalty.most)
const width = 1.25

/** Rewards less what their answers cost, over every store. */
export const runPenaltiesContract = ({ name, newFixture }: { name: string; newFixture: NewFixture }) => {
  async function open(delay: 'arrival' | 'hold', defaultMicro: number | undefined) {
    const { newStore } = await newFixture()
    // Long enough ago that the stores, which go by the real time, let every window end.
    let now = Math.floor(Date.now() / 20_000) * 20_000 - 20 * windowMs
    const { agent, learner, store } = openLearning({
      store: await newStore(),
      clock: () => now,
      arms: [{ name: 'a', minShare: 0 }],
      windowMs,
      bucketMs,
      delay,
      corrections: true,
      combine: 'sum',
      defaultMicro,
      bounds,
      penalty,
    })
    return {
      /** What its answer cost is known when it goes out. */
      predict: (penaltyMicro: number): Decision => {
        const decision = { ...agent.decide(createKey(randomBytes))!, penaltyMicro }
        agent.answered(decision)
        now += 100
        return decision
      },
      learn: async (decision: Decision, feedback: Partial<Feedback>) => {
        const about = { predictionId: ids.sign(decision), eventId: '', acceptedAt: decision.decidedAt + 5000 }
        return learner.learn({ ...about, ...feedback })
      },
      flush: () => agent.synchronise(),
      endWindows: async (): Promise<void> => {
        now += windowMs + bucketMs + graceMs
        await agent.synchronise()
        await agent.synchronise()
      },
      /** Σ 1 and Σ r of net rewards in their own unit, r as a share of the bounds. */
      learned: async () => {
        const sums = [...((await store.readState())!.arms.get('a')?.epochs.values() ?? [])]
        const total = (at: number) => sums.reduce((sum, each) => sum + each[at]!, 0)
        return { count: total(0) / 1e6, micro: total(1) }
      },
      view: () => agent.view().arms[0]!,
    }
  }

  /** Micro-units of the range of a net reward. */
  const shareOf = (net: number) => Math.round(((net - bounds.low) / width) * 1e6)
  const sumOf = (nets: readonly number[]) => nets.reduce((sum, net) => sum + shareOf(net), 0)

  describe(`penalties over ${name}`, () => {
    test.each(['arrival', 'hold'] as const)(
      '%s: taken off once, with any number of events, and taken back with them; silence has cost it too',
      async (delay) => {
        const { predict, learn, flush, endWindows, learned, view } = await open(delay, 200_000)
        const [several, voided, late, silent] = [
          predict(400_000),
          predict(1e6),
          predict(600_000),
          predict(200_000),
        ]
        // Before and after the store has heard of the pulls.
        expect(await learn(several, { reward: 0.5, eventId: 'click' })).toMatchObject({
          status: 'applied',
          reward: 0.4,
        })
        await flush()
        expect(await learn(several, { reward: 0.25, eventId: 'stay' })).toMatchObject({ reward: 0.65 })
        expect(await learn(voided, { reward: 1 })).toMatchObject({ reward: 0.75 })
        expect(await learn(voided, { void: true })).toMatchObject({ status: 'void' })
        if (delay === 'arrival') expect(await learned()).toEqual({ count: 1, micro: sumOf([0.65]) })
        await endWindows()
        // A default of 0.2 less 0.15, and less 0.05.
        expect(await learned()).toEqual({ count: 3, micro: sumOf([0.65, 0.05, 0.15]) })
        expect(view()).toMatchObject({ pulls: 4, rewarded: 1, voided: 1, defaulted: 2 })
        // The truth after all takes its own default back, and no other one's.
        const acceptedAt = late.decidedAt + 2 * windowMs
        expect(await learn(late, { reward: 1, acceptedAt })).toMatchObject({
          status: 'applied',
          reward: 0.85,
        })
        expect(await learned()).toEqual({ count: 3, micro: sumOf([0.65, 0.85, 0.15]) })
        expect(await learn(silent, { void: true, acceptedAt })).toMatchObject({ status: 'void' })
        expect(await learned()).toEqual({ count: 2, micro: sumOf([0.65, 0.85]) })
      },
    )

    test('without a default silence says nothing, whatever it cost; a mean is of what is left', async () => {
      const { predict, learn, flush, endWindows, learned, view } = await open('arrival', undefined)
      const dear = predict(1e6)
      predict(800_000)
      expect(await learn(dear, { reward: 0 })).toMatchObject({ reward: -0.25 })
      expect(await learn(dear, { reward: -0.1 })).toMatchObject({
        status: 'invalid',
        detail: expect.stringContaining('from 0 to 1'),
      })
      await endWindows()
      await flush()
      expect(await learned()).toEqual({ count: 1, micro: 0 })
      expect(view()).toMatchObject({ writtenOff: 1 })
      expect(view().mean).toBeCloseTo(-0.25 + width / 3, 6)
    })
  })
}
