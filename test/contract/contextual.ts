import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  bucketWidth,
  createAgent,
  createEncoding,
  createKey,
  createLearner,
  createLedger,
  createPolicy,
  createPredictionIds,
  definitionOf,
  generationOf,
  unitBounds,
  type Decision,
  type Delay,
  type Feedback,
} from '../../bandit/index.ts'
import { delaysEnd } from '../../bandit/rewards/contribution.ts'
import { linearDelta, linearLength } from '../../bandit/linear/sums.ts'
import { uniformPrior } from '../../bandit/beliefs/posterior.ts'
import { uniformSource } from '../bandit/support/random-source.ts'
import type { NewFixture } from './store/fixture.ts'

const windowMs = 60_000
const forgetting = { kind: 'half-life', halfLifeMs: 3_600_000 } as const
const bucketMs = bucketWidth(windowMs, forgetting.halfLifeMs)
const ids = createPredictionIds([{ id: 1, secret: 'a secret of the tests' }])
/** As many numbers as there may be. */
const encoding = createEncoding({
  features: [
    { kind: 'text', name: 'query', buckets: 125 },
    { kind: 'range', name: 'age', low: 0, high: 90 },
    { kind: 'boolean', name: 'member', missing: false },
  ],
  interactions: [],
})

/** What feedback does to the sums over contexts, over every store. */
export const runContextualContract = ({ name, newFixture }: { name: string; newFixture: NewFixture }) => {
  async function open(delay: Delay = 'arrival') {
    const { newStore } = await newFixture()
    const times = { windowMs, bucketMs, forgetting }
    const rules = { ...times, bounds: unitBounds, delay, combine: 'last', defaultMicro: undefined } as const
    const generation = generationOf({
      rewardFrom: 'reward',
      labelOutput: undefined,
      encoding: definitionOf(encoding),
      ...rules,
    })
    const store = (await newStore()).endpoint({
      endpoint: 'shop',
      generation,
      windowMs,
      bucketMs,
      hold: delay === 'hold',
    })
    const ledger = createLedger({ ids, store, windowMs, labelOutput: undefined })
    const agent = createAgent({
      endpoint: 'shop',
      generation,
      arms: ['a', 'b'].map((arm) => ({ name: arm, minShare: 0 })),
      policy: createPolicy({ name: 'lin-thompson' }),
      prior: uniformPrior,
      store,
      gateway: 'one',
      clock: Date.now,
      ...rules,
      dimension: encoding.dimension,
      staleMs: 5000,
    })
    const learning = {
      endpoint: 'shop',
      generation,
      store,
      ledger,
      rewardFrom: 'reward',
      encoding,
      ...rules,
    } as const
    const learner = createLearner({ ids, endpoints: new Map([['shop', learning]]), clock: Date.now })

    async function predict(context: Readonly<Record<string, string | number>>): Promise<Decision> {
      const encoded = encoding.encode(context)
      if (encoded.status !== 'encoded') throw new Error(encoded.detail)
      const decision = agent.decide(createKey(randomBytes), undefined, encoded.features)!
      await ledger.recordFeatures(decision.key, encoded.features)
      agent.answered(decision)
      return decision
    }
    const learn = (decision: Decision, feedback: Partial<Feedback>) =>
      learner.learn({ predictionId: ids.sign(decision), eventId: '', ...feedback })
    return { agent, store, ledger, predict, learn }
  }

  describe(`contexts over ${name}`, () => {
    test('a decision’s features are on record as they were drawn from', async () => {
      const { predict, ledger } = await open()
      const decision = await predict({ query: 'red shoes', age: 31 })
      expect(decision.features).toHaveLength(128)
      expect((await ledger.readFeatures(decision.key))!.map(Math.abs)).toEqual(
        decision.features!.map(Math.abs),
      )
      expect(await ledger.readFeatures(decision.key)).toHaveLength(128)
      expect(await ledger.readFeatures('AAAAAAAAAAAAAAAA')).toBeUndefined()
    })

    test('corrections and voids in any order leave exactly the rewards that count', async () => {
      const { agent, store, predict, learn } = await open()
      const random = uniformSource(3)
      const decisions: Decision[] = []
      for (let turn = 0; turn < 12; turn++)
        decisions.push(await predict({ query: `q${turn}`, age: 90 * random() }))
      await Promise.all(
        decisions.map((decision, at) => learn(decision, { eventId: 'first', reward: at / 12 })),
      )
      const changes = decisions.flatMap((decision, at) => {
        if (at % 3 === 0) return [() => learn(decision, { void: true })]
        return at % 3 === 1 ? [() => learn(decision, { eventId: 'first', reward: 0.123456 })] : []
      })
      for (const change of changes.toReversed()) await change()
      await agent.synchronise()

      const state = (await store.readState())!
      const expected = new Map<string, Float64Array>()
      for (const [at, { arm, decidedAt, features }] of decisions.entries()) {
        if (at % 3 === 0) continue
        const start = Math.floor(decidedAt / bucketMs) * bucketMs
        const epoch = Math.floor(start / forgetting.halfLifeMs)
        const weight = 2 ** (start / forgetting.halfLifeMs - epoch)
        const delta = linearDelta(features!, at % 3 === 1 ? 123_456 : Math.round(1e6 * (at / 12)), weight)
        const field = `${arm}/${epoch}`
        expected.set(
          field,
          delta.map((value, i) => value + (expected.get(field)?.[i] ?? 0)),
        )
      }
      const kept = [...state.arms].flatMap(([arm, { epochs }]) =>
        [...epochs].map(([epoch, sums]) => [`${arm}/${epoch}`, sums.subarray(delaysEnd)] as const),
      )
      expect(kept.length).toBeGreaterThan(0)
      for (const [field, sums] of kept) {
        expect(sums).toHaveLength(linearLength(128))
        const wanted = expected.get(field)
        expect(sums.every((sum, at) => sum === (wanted?.[at] ?? 0))).toBe(true)
      }
      expect([...expected.keys()].every((field) => kept.some(([known]) => known === field))).toBe(true)
    })

    test('what is held waits for its window with its context', async () => {
      const { agent, store, predict, learn } = await open('hold')
      const decision = await predict({ query: 'boots', age: 45 })
      await agent.synchronise()
      expect(await learn(decision, { reward: 1 })).toMatchObject({ status: 'applied' })
      const { epochs, held } = (await store.readState())!.arms.get(decision.arm)!
      expect(epochs.size).toBe(0)
      expect([...held.values()][0]).toHaveLength(delaysEnd + linearLength(128))
    })
  })
}
