import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  createEncoding,
  createKey,
  type Decision,
  delayNames,
  type Delay,
  type Feedback,
} from '../../bandit/index.ts'
import { delaysEnd } from '../../bandit/rewards/contribution.ts'
import { placeBucket, type Forgetting } from '../../bandit/beliefs/forgetting.ts'
import { linearDelta, linearLength } from '../../bandit/linear/sums.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { graceMs } from '../../bandit/rewards/sweep.ts'
import { learningIds as ids, openLearning } from '../fixtures/learning-gateway.ts'
import type { NewFixture } from './store/fixture.ts'

const windowMs = 60_000
const bucketMs = 1000
const forgetting: Forgetting = { kind: 'half-life', halfLifeMs: 20_000 }
const encoding = createEncoding({
  features: [
    { kind: 'range', name: 'age', low: 0, high: 90 },
    { kind: 'category', name: 'country', values: ['DE', 'FR'], unlisted: 'other' },
  ],
  interactions: [['age', 'country']],
})
const length = delaysEnd + linearLength(encoding.dimension)

/** What silence is worth in each decision's own context, over every store. */
export const runContextDefaultsContract = ({
  name,
  newFixture,
}: {
  name: string
  newFixture: NewFixture
}) => {
  async function open(delay: Delay, gateways = 1) {
    const { newStore } = await newFixture()
    const defaultMicro = delay === 'corrected' ? 0 : 250_000
    // Long enough ago that the stores, which go by the real time, let every window end.
    let now = Math.floor(Date.now() / 20_000) * 20_000 - 20 * windowMs
    const store = await newStore()
    const rules = { delay, corrections: true, defaultMicro, forgetting, combine: 'last', encoding } as const
    const own = Array.from({ length: gateways }, (_, at) =>
      openLearning({
        store,
        clock: () => now,
        gateway: `gateway-${at}`,
        arms: ['a', 'b'].map((arm) => ({ name: arm, minShare: 0 })),
        windowMs,
        bucketMs,
        ...rules,
      }),
    )
    const [{ ledger, learner, store: endpoint }] = own as [ReturnType<typeof openLearning>]
    async function predict(age: number, country: string, gateway = 0): Promise<Decision> {
      const encoded = encoding.encode({ age, country })
      if (encoded.status !== 'encoded') throw new Error(encoded.detail)
      const { agent } = own[gateway]!
      const decision = agent.decide(createKey(randomBytes), undefined, encoded.features)!
      await ledger.recordFeatures(decision.key, encoded.features)
      agent.answered(decision)
      now += 100
      return decision
    }
    async function learn(decision: Decision, feedback: Partial<Feedback>): Promise<void> {
      const about = { predictionId: ids.sign(decision), eventId: '', acceptedAt: decision.decidedAt + 5000 }
      expect(await learner.learn({ ...about, ...feedback })).toMatchObject({
        status: expect.stringMatching(/applied|corrected|void/),
      })
    }
    async function endWindows(): Promise<void> {
      now += windowMs + bucketMs + graceMs
      for (const { agent } of own) {
        await agent.synchronise()
        await agent.synchronise()
      }
    }
    /** Sums of an arm but for those of delays, all epochs together as they are kept. */
    async function sums(): Promise<Record<string, number[]>> {
      const { arms } = (await endpoint.readState())!
      const kept = [...arms].flatMap(([arm, { epochs }]) =>
        [...epochs].map(([epoch, each]) => [`${arm}/${epoch}`, scalarAndLinear(each)] as const),
      )
      return Object.fromEntries(kept.filter(([, each]) => each.some((sum) => sum !== 0)))
    }
    return { agents: own.map(({ agent }) => agent), endpoint, defaultMicro, predict, learn, endWindows, sums }
  }

  /** The sums of decisions that each earned this, told apart by no delay. */
  function expected(earned: readonly (readonly [Decision, number])[]) {
    const all: Record<string, number[]> = {}
    for (const [{ arm, decidedAt, features }, micro] of earned) {
      const { epoch, weight } = placeBucket(Math.floor(decidedAt / bucketMs), bucketMs, forgetting)
      const vector = new Float64Array(length)
      vector.set(rewardDelta(micro, weight))
      vector.set(linearDelta(features!, micro, weight), delaysEnd)
      const field = `${arm}/${epoch}`
      all[field] = scalarAndLinear(vector).map((value, at) => value + (all[field]?.[at] ?? 0))
    }
    return all
  }

  describe(`defaults by context over ${name}`, () => {
    test.each(delayNames)(
      '%s: at the end each silent pull has its default, in its own context',
      async (delay) => {
        const { agents, endpoint, defaultMicro, predict, learn, endWindows, sums } = await open(delay)
        const decisions: Decision[] = []
        for (let at = 0; at < 14; at++) decisions.push(await predict(7 * at, ['DE', 'FR', 'IT'][at % 3]!))
        // Half of the feedback comes before the pulls are known to the store.
        for (const at of [0, 1]) await learn(decisions[at]!, { reward: 0.8 })
        await learn(decisions[2]!, { void: true })
        await agents[0]!.synchronise()
        for (const at of [3, 4]) await learn(decisions[at]!, { reward: 0.8 })
        await learn(decisions[4]!, { reward: 0.6, at: decisions[4]!.decidedAt + 9000 })
        await learn(decisions[3]!, { void: true })
        const early = decisions.filter((_, at) => [0, 1, 4].includes(at))
        const earnedBy = (decision: Decision) => (decision === decisions[4] ? 600_000 : 800_000)
        if (delay === 'arrival')
          expect(await sums()).toEqual(expected(early.map((decision) => [decision, earnedBy(decision)])))
        if (delay === 'hold') expect(await sums()).toEqual({})

        await endWindows()
        const silent = decisions.slice(5)
        const earned = [
          ...early.map((decision) => [decision, earnedBy(decision)] as const),
          ...silent.map((decision) => [decision, defaultMicro] as const),
        ]
        expect(await sums()).toEqual(expected(earned))
        const totals = [...(await endpoint.readState())!.arms.values()].map((arm) => arm.totals)
        const total = (count: keyof (typeof totals)[number]) =>
          totals.reduce((sum, each) => sum + each[count], 0)
        expect(total('defaulted')).toBe(9)
        expect(total('rewarded')).toBe(3)
        expect(total('voided')).toBe(2)

        // The truth after all, for one that had its default; another was never shown.
        await learn(silent[0]!, { reward: 1 })
        await learn(silent[1]!, { void: true })
        await learn(silent[0]!, { reward: 0.4, at: silent[0]!.decidedAt + 9000 })
        const corrected = earned
          .filter(([decision]) => decision !== silent[1])
          .map(([decision, micro]) => [decision, decision === silent[0] ? 400_000 : micro] as const)
        expect(await sums()).toEqual(expected(corrected))
        for (const { held } of (await endpoint.readState())!.arms.values()) expect(held.size).toBe(0)
      },
    )

    test('pulls that are flushed after their bucket was closed get their defaults at once, and once', async () => {
      const { agents, endpoint, defaultMicro, predict, learn, endWindows, sums } = await open('arrival', 2)
      const inTime = await predict(20, 'DE')
      const slow = [await predict(50, 'FR', 1), await predict(60, 'FR', 1), await predict(70, 'IT', 1)]
      await learn(slow[0]!, { reward: 1 })
      await agents[0]!.synchronise()
      const flush = {
        gateway: 'slow',
        sequence: 1,
        counts: slow.map(({ arm, decidedAt, features }) => {
          const bucket = Math.floor(decidedAt / bucketMs)
          const { epoch, weight } = placeBucket(bucket, bucketMs, forgetting)
          const each = new Float64Array(length)
          each.set(rewardDelta(defaultMicro, weight))
          each.set(linearDelta(features!, defaultMicro, weight), delaysEnd)
          return { arm, bucket, pulls: 1, silence: { epoch, sums: each } }
        }),
      }
      const bucket = Math.floor(inTime.decidedAt / bucketMs)
      const { epoch } = placeBucket(bucket, bucketMs, forgetting)
      await endpoint.closeBucket({ bucket, epoch, defaultsHeld: true })
      await endpoint.recordPulls(flush)
      await endpoint.recordPulls(flush)
      expect(await sums()).toEqual(
        expected([
          [inTime, defaultMicro],
          [slow[0]!, 1e6],
          ...slow.slice(1).map((each) => [each, defaultMicro] as const),
        ]),
      )
      await endWindows()
    })
  })
}

/** Without the sums that depend on the decision's own draw, and without delays. */
function scalarAndLinear(sums: Float64Array): number[] {
  return [...sums.subarray(0, 3), ...sums.subarray(delaysEnd)]
}
