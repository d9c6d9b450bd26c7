import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  createKey,
  createPredictionIds,
  keyFromCallerId,
  keyOfTenant,
  type Decision,
  type Feedback,
  type FeedbackOutcome,
} from '../../bandit/index.ts'
import { learningIds as ids, openLearning } from '../fixtures/learning-gateway.ts'
import type { NewFixture } from './store/fixture.ts'

const windowMs = 60_000
const arms = ['good', 'bad'].map((name) => ({ name, minShare: 0, observedAs: `model:${name}` }))

/** What feedback does from the id to the sums, over every store. */
export const runLearningContract = ({ name, newFixture }: { name: string; newFixture: NewFixture }) => {
  /** Several gateways on one store, each with an agent and a learner of its own. */
  async function gateways(count: number, rewardFrom: 'reward' | 'label' = 'reward') {
    const { newStore } = await newFixture()
    return Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const store = await newStore()
        return openLearning({
          store,
          clock: Date.now,
          arms,
          windowMs,
          rewardFrom,
          gateway: `gateway-${index}`,
        })
      }),
    )
  }

  type Gateway = Awaited<ReturnType<typeof gateways>>[number]

  function predict({ agent }: Gateway, key = createKey(randomBytes)): Decision {
    const decision = agent.decide(key)!
    agent.answered(decision)
    return decision
  }

  const tell = (decision: Decision, facts: Partial<Feedback> = { reward: 1 }): Feedback => ({
    predictionId: ids.sign(decision),
    eventId: '',
    ...facts,
  })

  /** Sum of rewards, rewarded and pending over all arms, as a gateway that reads the store sees them. */
  async function totals({ agent }: Gateway) {
    await agent.synchronise()
    const seen = agent.view().arms
    const total = (of: (arm: (typeof seen)[number]) => number) => seen.reduce((sum, arm) => sum + of(arm), 0)
    return {
      effective: total((arm) => arm.effectiveCount),
      rewarded: total((arm) => arm.rewarded),
      pending: total((arm) => arm.pending),
      pulls: total((arm) => arm.pulls),
    }
  }

  const count = (outcomes: readonly FeedbackOutcome[]) =>
    Object.fromEntries(
      Map.groupBy(outcomes, ({ status }) => status)
        .entries()
        .map(([status, of]) => [status, of.length]),
    )

  describe(`learning over ${name}`, () => {
    test('applies a reward once and says duplicate ever after', async () => {
      const [gateway] = await gateways(1)
      const decision = predict(gateway!)
      expect(await totals(gateway!)).toMatchObject({ pulls: 1, pending: 1, rewarded: 0 })
      expect(await gateway!.learner.learn(tell(decision))).toMatchObject({
        status: 'applied',
        endpoint: 'shop',
        arm: decision.arm,
        reward: 1,
      })
      expect(await gateway!.learner.learn(tell(decision))).toMatchObject({ status: 'duplicate', reward: 1 })
      expect(await totals(gateway!)).toEqual({ effective: 1, rewarded: 1, pending: 0, pulls: 1 })
    })

    test('corrects a reward in whatever order its versions come', async () => {
      const [gateway] = await gateways(1)
      const at = Date.now() - 10_000
      const decision = predict(gateway!)
      const versions = [
        { reward: 0.25, at: at + 2 },
        { reward: 1, at: at + 1 },
        { reward: 0.75, at: at + 3 },
      ]
      const outcomes: FeedbackOutcome[] = []
      for (const version of versions) outcomes.push(await gateway!.learner.learn(tell(decision, version)))
      expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'duplicate', 'corrected'])
      await gateway!.agent.synchronise()
      const arm = gateway!.agent.view().arms.find(({ name }) => name === decision.arm)!
      // One reward of 0.75 under a uniform prior.
      expect(arm.mean).toBeCloseTo(1.75 / 3, 12)
      expect(arm.rewarded).toBe(1)
    })

    test('calls an id forged, unknown or late without touching the sums', async () => {
      const [gateway] = await gateways(1)
      const decision = predict(gateway!)
      const { learner } = gateway!
      const others = createPredictionIds([{ id: 1, secret: 'another secret' }])
      const outcomes = await Promise.all([
        learner.learn({ ...tell(decision), predictionId: others.sign(decision) }),
        learner.learn({ ...tell(decision), predictionId: 'nonsense' }),
        learner.learn(tell({ ...decision, endpoint: 'elsewhere' })),
        learner.learn(tell({ ...decision, generation: 'ffffffff' })),
        learner.learn({ eventId: '', reward: 1, callerId: { endpoint: 'shop', id: 'never seen' } }),
        learner.learn(
          tell({ ...decision, key: createKey(randomBytes), decidedAt: Date.now() - windowMs - 1000 }),
        ),
        learner.learn(tell(decision, { reward: 1.5 })),
        learner.learn(tell(decision, { label: 7 })),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual([
        'forged',
        'forged',
        'unknown',
        'unknown',
        'unknown',
        'late',
        'invalid',
        'invalid',
      ])
      expect(outcomes.every(({ detail }) => detail !== undefined)).toBe(true)
      expect(await totals(gateway!)).toEqual({ effective: 0, rewarded: 0, pending: 1, pulls: 1 })
    })

    test('applies one of thirty that say the same at once through three gateways', async () => {
      const all = await gateways(3)
      const decision = predict(all[0]!)
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, n) => all[n % 3]!.learner.learn(tell(decision))),
      )
      expect(count(outcomes)).toEqual({ applied: 1, duplicate: 29 })
      await all[0]!.agent.synchronise()
      expect(await totals(all[1]!)).toEqual({ effective: 1, rewarded: 1, pending: 0, pulls: 1 })
    })

    test('ends in the newest of many versions that come at once through three gateways', async () => {
      const all = await gateways(3)
      const decision = predict(all[0]!)
      const at = Date.now() - 1000
      const versions = Array.from({ length: 24 }, (_, n) =>
        tell(decision, { reward: ((n * 7) % 24) / 24, at: at + n }),
      )
      await Promise.all(versions.map((version, n) => all[n % 3]!.learner.learn(version)))
      await all[0]!.agent.synchronise()
      const arm = all[0]!.agent.view().arms.find(({ name }) => name === decision.arm)!
      expect(arm.mean).toBeCloseTo((1 + ((23 * 7) % 24) / 24) / 3, 6)
      expect(arm.rewarded).toBe(1)
    })

    test('compares a true label with what was predicted', async () => {
      const [gateway] = await gateways(1, 'label')
      const { ledger, learner } = gateway!
      const right = predict(gateway!)
      const half = predict(gateway!)
      const unrecorded = predict(gateway!)
      await ledger.record(right, { label: [7] }, false)
      await ledger.record(half, { label: ['cat', 'dog'] }, false)
      expect(await learner.learn(tell(right, { label: 7 }))).toMatchObject({ status: 'applied', reward: 1 })
      expect(await learner.learn(tell(right, { label: 3 }))).toMatchObject({ status: 'corrected', reward: 0 })
      expect(await learner.learn(tell(right, { label: '7' }))).toMatchObject({ status: 'invalid' })
      expect(await learner.learn(tell(half, { label: ['cat', 'cat'] }))).toMatchObject({
        status: 'applied',
        reward: 0.5,
      })
      expect(await learner.learn(tell(half, { label: 'cat' }))).toMatchObject({ status: 'invalid' })
      expect(await learner.learn(tell(unrecorded, { label: 7 }))).toMatchObject({ status: 'unknown' })
      expect(await learner.learn(tell(right, { reward: 1 }))).toMatchObject({ status: 'invalid' })
      expect(await totals(gateway!)).toMatchObject({ rewarded: 2, pending: 1 })
    })

    test('a true label scores whatever answered, each once, and takes all of it back', async () => {
      const [gateway] = await gateways(1, 'label')
      const { agent, ledger, learner, store } = gateway!
      const decision = predict(gateway!)
      const others = { 'model:x': [7], 'model:y': [3], 'model:z': ['7'] }
      await ledger.record(decision, { label: [7] }, false, others)
      const seen = async () =>
        Object.fromEntries(
          Array.from((await store.readState())!.observed, ([name, epochs]) => [
            name,
            epochs.get(0)!.slice(0, 2).join(),
          ]),
        )
      expect(await learner.learn(tell(decision, { label: 7 }))).toMatchObject({ status: 'applied' })
      expect(await learner.learn(tell(decision, { label: 7 }))).toMatchObject({ status: 'duplicate' })
      // Labels of another kind than the truth are not scored.
      expect(await seen()).toEqual({ 'model:x': '1000000,1000000', 'model:y': '1000000,0' })

      // A shadow answers after the feedback: saying it again is no correction, but scores it.
      await ledger.recordShadows(decision.key, { 'model:s': [7] })
      expect(await learner.learn(tell(decision, { label: 7 }))).toMatchObject({ status: 'duplicate' })
      expect(await seen()).toMatchObject({ 'model:s': '1000000,1000000', 'model:x': '1000000,1000000' })

      // The arm was wrong by either truth, the models were not.
      expect(await learner.learn(tell(decision, { label: 3 }))).toMatchObject({
        status: 'corrected',
        reward: 0,
      })
      expect(await learner.learn(tell(decision, { label: 4 }))).toMatchObject({
        status: 'corrected',
        reward: 0,
      })
      expect(await seen()).toEqual({
        'model:s': '1000000,0',
        'model:x': '1000000,0',
        'model:y': '1000000,0',
      })
      await agent.synchronise()
      expect(agent.scores().get('model:y')).toMatchObject({ count: 1, sum: 0 })
      const gone = { predictionId: ids.sign(decision), eventId: '', void: true } as const
      expect(await learner.learn(gone)).toMatchObject({ status: 'void' })
      expect(await seen()).toEqual({ 'model:s': '0,0', 'model:x': '0,0', 'model:y': '0,0' })
      await agent.synchronise()
      expect(agent.view().scored).toEqual([])
    })

    test('an arm learns what its model was observed to answer, which is no pull of it', async () => {
      const [gateway] = await gateways(1, 'label')
      const { agent, ledger, learner } = gateway!
      const decisions = Array.from({ length: 6 }, () => predict(gateway!))
      for (const decision of decisions) {
        const other = decision.arm === 'good' ? 'bad' : 'good'
        await ledger.record(decision, { label: [decision.arm === 'good' ? 1 : 0] }, false, {
          [`model:${other}`]: [other === 'good' ? 1 : 0],
        })
        await learner.learn(tell(decision, { label: 1 }))
      }
      await agent.synchronise()
      const [good, bad] = agent.view().arms
      expect([good!.effectiveCount, bad!.effectiveCount]).toEqual([6, 6])
      expect([good!.mean, bad!.mean]).toEqual([7 / 8, 1 / 8])
      expect(good!.pulls + bad!.pulls).toBe(6)
      expect(agent.view().scored).toMatchObject([
        { name: 'model:good', mean: 1, effectiveCount: 6 },
        { name: 'model:bad', mean: 0, effectiveCount: 6 },
      ])
    })

    test('what versions of a model have learned stays apart, and a reward finds its own over any gateway', async () => {
      const { newStore } = await newFixture()
      const served = { version: '1' }
      const [one, other] = await Promise.all(
        ['one', 'other'].map(async (gateway) => {
          const edition = { version: () => served.version, onNewVersion: { inherit: 0.5 } }
          const arms = [{ name: 'only', minShare: 0, ...edition }]
          return openLearning({ store: await newStore(), clock: Date.now, arms, windowMs, gateway })
        }),
      )
      const old = [predict(one!), predict(one!)]
      served.version = '2'
      const fresh = predict(other!)
      for (const decision of old)
        expect(await other!.learner.learn(tell(decision))).toMatchObject({ status: 'applied', arm: 'only' })
      await one!.learner.learn(tell(fresh, { reward: 0 }))
      expect(await one!.learner.learn(tell(old[0]!))).toMatchObject({ status: 'duplicate' })
      const expected = { rewarded: 3, pulls: 3, pending: 0 }
      await one!.agent.synchronise()
      expect(await totals(other!)).toEqual({ ...expected, effective: 2 })
      served.version = '1'
      expect(await totals(one!)).toEqual({ ...expected, effective: 2.5 })
    })

    test("finds a prediction by its caller's own id and gives its answer again", async () => {
      const [gateway] = await gateways(1)
      const { ledger, learner } = gateway!
      const decision = predict(gateway!, keyFromCallerId('shop', 'order-9'))
      expect(await ledger.record(decision, { score: [0.5] }, true)).toEqual({ status: 'recorded' })
      const { basis: _, ...kept } = decision
      const record = { decision: kept, predictionId: ids.sign(decision), outputs: { score: [0.5] } }
      const other: Decision = { ...decision, arm: decision.arm === 'good' ? 'bad' : 'good' }
      expect(await ledger.record(other, { score: [0.9] }, true)).toEqual({ status: 'exists', ...record })
      expect(await ledger.read(decision.key)).toEqual(record)
      const byId: Feedback = { eventId: '', reward: 1, callerId: { endpoint: 'shop', id: 'order-9' } }
      expect(await learner.learn(byId)).toMatchObject({ status: 'applied', arm: decision.arm })
      expect(await learner.learn(tell(decision))).toMatchObject({ status: 'duplicate' })
    })

    test("finds the prediction of a tenant's own id for that tenant alone", async () => {
      const [gateway] = await gateways(1)
      const { ledger, learner } = gateway!
      const decision = predict(gateway!, keyOfTenant(keyFromCallerId('shop', 'order-9'), 'one'))
      await ledger.record(decision, { score: [0.5] }, true)
      const by = (tenant?: string): Feedback => ({
        eventId: '',
        reward: 1,
        callerId: { endpoint: 'shop', id: 'order-9', tenant },
      })
      for (const tenant of [undefined, 'another'])
        expect(await learner.learn(by(tenant))).toMatchObject({ status: 'unknown' })
      expect(await learner.learn(by('one'))).toMatchObject({ status: 'applied', arm: decision.arm })
    })
  })
}
