import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bucketWidth, createKey, type Delay, type Feedback } from '../../bandit/index.ts'
import { learningIds as ids, openLearning } from '../fixtures/learning-gateway.ts'
import type { NewFixture } from './store/fixture.ts'

const windowMs = 60_000
const bucketMs = bucketWidth(windowMs, undefined)
const defaultMicro = 250_000

interface Options {
  readonly delay?: Delay
  readonly corrections?: boolean
}

/** What was learned by default and is taken back, held and let go, or was never shown, over every store. */
export const runTakingBackContract = ({ name, newFixture }: { name: string; newFixture: NewFixture }) => {
  /** A gateway whose decisions were made ten windows ago; nobody has ended their buckets yet. */
  async function open({ delay = 'arrival', corrections = true }: Options = {}) {
    const { newStore } = await newFixture()
    const start = Math.floor(Date.now() / bucketMs) * bucketMs
    let now = start - 10 * windowMs
    const clock = () => now
    const { agent, learner, store } = openLearning({
      store: await newStore(),
      clock,
      arms: [{ name: 'only', minShare: 0 }],
      windowMs,
      bucketMs,
      defaultMicro,
      delay,
      corrections,
    })
    const decisions = Array.from({ length: 3 }, () => {
      const decision = agent.decide(createKey(randomBytes))!
      agent.answered(decision)
      return decision
    })
    await agent.synchronise()
    now += 1000
    return {
      decidedAt: decisions[0]!.decidedAt,
      /** Feedback is a second old whenever it comes, so that only its order differs. */
      tell: (nth: number, facts: Partial<Feedback>) =>
        learner.learn({ predictionId: ids.sign(decisions[nth]!), eventId: '', ...facts }),
      endWindow: async () => {
        now = start
        await agent.synchronise()
        await agent.synchronise()
        now = start - 10 * windowMs + 1000
      },
      sums: async () => {
        const epochs = (await store.readState())?.arms.get('only')?.epochs.values() ?? []
        return Array.from(epochs, (sums) => [...sums])
      },
      arm: async () => {
        await agent.synchronise()
        return agent.view().arms[0]!
      },
    }
  }

  describe(`taking back over ${name}`, () => {
    test('truth after a default leaves the very sums of truth before it', async () => {
      const late = await open()
      await late.endWindow()
      expect(await late.arm()).toMatchObject({ defaulted: 3, rewarded: 0 })
      expect(await late.tell(0, { reward: 1 })).toMatchObject({ status: 'applied', reward: 1 })
      expect(await late.tell(0, { reward: 1 })).toMatchObject({ status: 'duplicate' })
      expect(await late.tell(1, { reward: 0.5 })).toMatchObject({ status: 'applied' })
      expect(await late.tell(1, { reward: 0.75 })).toMatchObject({ status: 'corrected', reward: 0.75 })
      expect(await late.arm()).toMatchObject({ defaulted: 1, rewarded: 2, effectiveCount: 3 })
      const [sums] = await late.sums()
      expect(sums!.slice(0, 3)).toEqual([3e6, 1e6 + 750_000 + 250_000, 1e6 + 562_500 + 62_500])
    })

    test('the default is only taken back where corrections are on', async () => {
      const { endWindow, tell, sums } = await open({ corrections: false })
      await endWindow()
      const before = await sums()
      expect(await tell(0, { reward: 1 })).toMatchObject({ status: 'late' })
      expect(await tell(0, { reward: 1 })).toMatchObject({ status: 'late' })
      const after = await sums()
      // Nothing but the delay is learned of it, once.
      expect(after[0]!.slice(0, 5)).toEqual(before[0]!.slice(0, 5))
      expect(after[0]!.slice(5).reduce((sum, value) => sum + value, 0)).toBe(1e6)
    })

    test('feedback that was accepted in time counts when it is applied after the end, corrections or not', async () => {
      const { endWindow, tell, arm, decidedAt } = await open({ corrections: false })
      await endWindow()
      const lastMoment = decidedAt + windowMs
      expect(await tell(0, { reward: 1, acceptedAt: lastMoment + 1 })).toMatchObject({ status: 'late' })
      expect(await tell(1, { reward: 1, acceptedAt: lastMoment })).toMatchObject({ status: 'applied' })
      expect(await tell(2, { void: true, acceptedAt: lastMoment })).toMatchObject({ status: 'void' })
      expect(await arm()).toMatchObject({ defaulted: 1, rewarded: 1, voided: 1, effectiveCount: 2 })
    })

    test('what was never shown leaves no trace, before its window ends and after', async () => {
      const { endWindow, tell, sums, arm } = await open()
      await tell(0, { reward: 1 })
      expect(await tell(0, { void: true })).toMatchObject({ status: 'void' })
      expect(await tell(0, { void: true })).toMatchObject({ status: 'duplicate' })
      expect(await tell(0, { reward: 1 })).toMatchObject({ status: 'void' })
      expect(await tell(1, { void: true })).toMatchObject({ status: 'void' })
      expect(await arm()).toMatchObject({ voided: 2, rewarded: 0, pending: 1 })
      await endWindow()
      expect(await arm()).toMatchObject({ defaulted: 1, voided: 2, effectiveCount: 1 })
      expect(await tell(2, { void: true })).toMatchObject({ status: 'void' })
      expect(await arm()).toMatchObject({ defaulted: 0, voided: 3, effectiveCount: 0 })
      expect(await sums()).toEqual([Array.from({ length: 37 }, () => 0)])
    })

    test('nothing held is learned before its window closes, and all of it then, once', async () => {
      const { endWindow, tell, sums, arm } = await open({ delay: 'hold' })
      await tell(0, { reward: 1 })
      expect(await tell(0, { reward: 0.5 })).toMatchObject({ status: 'corrected' })
      await tell(1, { reward: 1 })
      expect(await sums()).toEqual([])
      expect(await arm()).toMatchObject({ effectiveCount: 0, rewarded: 2, pending: 3, mean: 0.5 })

      await endWindow()
      await endWindow()
      expect(await arm()).toMatchObject({ effectiveCount: 3, rewarded: 2, defaulted: 1, pending: 0 })
      expect((await sums())[0]!.slice(0, 2)).toEqual([3e6, 1_750_000])
      await tell(2, { reward: 1 })
      await tell(1, { reward: 0 })
      expect((await sums())[0]!.slice(0, 2)).toEqual([3e6, 1_500_000])
    })

    test('held or not, by default first or not: the sums are the same to the bit', async () => {
      const truths = [0.3, 1, 0.7]
      const worlds = await Promise.all([
        open(),
        open({ delay: 'hold' }),
        open({ delay: 'hold' }),
        open(),
        open({ delay: 'corrected' }),
      ])
      const all: number[][][] = []
      for (const [index, world] of worlds.entries()) {
        const early = index % 2 === 0
        if (!early) await world.endWindow()
        for (const [nth, reward] of truths.entries()) await world.tell(nth, { reward })
        if (early) await world.endWindow()
        // The coin is each decision's own: its sum is left out.
        all.push((await world.sums()).map((sums) => sums.filter((_, at) => at !== 4)))
      }
      for (const sums of all) expect(sums).toEqual(all[0])
    })
  })
}
