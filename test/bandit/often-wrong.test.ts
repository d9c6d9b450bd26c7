import { createHash } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEncoding, type Decision } from '../../bandit/index.ts'
import { createLinUcb } from '../../bandit/policies/lin-ucb.ts'
import { defaultContribution } from '../../bandit/rewards/contribution.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { learningIds as ids, openLearning, type LearningOptions } from '../fixtures/learning-gateway.ts'

/** What published implementations are known to get wrong, where no other test of ours is about it. */

const windowMs = 60_000
const arms = ['a', 'b', 'c'].map((name) => ({ name, minShare: 0 }))
const keyOf = (n: number): string => createHash('sha256').update(String(n)).digest('base64url').slice(0, 16)

function open(changes: Partial<LearningOptions> = {}) {
  let now = 1_790_000_000_000
  const store = createSqliteStore({ path: ':memory:', clock: () => now })
  onTestFinished(() => store.close())
  const opened = openLearning({ store, clock: () => now, arms, windowMs, ...changes })
  let made = 0

  function decide(features?: Float64Array): Decision {
    const decision = opened.agent.decide(keyOf((made += 1)), undefined, features)!
    opened.agent.answered(decision)
    return decision
  }

  async function learn(decision: Decision, reward: number): Promise<void> {
    const told = await opened.learner.learn({ predictionId: ids.sign(decision), eventId: '', reward })
    expect(told).toMatchObject({ status: 'applied' })
  }

  async function view() {
    await opened.agent.synchronise()
    return opened.agent.view().arms
  }

  return {
    ...opened,
    store,
    pass: (ms: number) => void (now += ms),
    decide,
    learn,
    view,
  }
}

describe('forgetting', () => {
  test('fades the arms that nobody plays as fast as the one that is played, and never the prior', async () => {
    const halfLifeMs = 600_000
    const { decide, learn, pass, view } = open({ forgetting: { kind: 'half-life', halfLifeMs } })
    for (let turn = 0; turn < 60; turn++) await learn(decide(), 1)
    const before = await view()
    pass(halfLifeMs)
    // Only what arm a gets is rewarded from now on.
    for (let turn = 0; turn < 30; turn++) {
      const decision = decide()
      if (decision.arm === 'a') await learn(decision, 1)
    }
    const after = await view()
    for (const at of [1, 2])
      expect(after[at]!.effectiveCount / before[at]!.effectiveCount).toBeCloseTo(0.5, 4)
    pass(100 * halfLifeMs)
    for (const { mean, effectiveCount } of await view()) {
      expect(effectiveCount).toBeLessThan(1e-9)
      expect(mean).toBeCloseTo(0.5, 6)
    }
  })

  test('goes by when a decision was made, however late its reward comes', async () => {
    const spanMs = 96_000
    const { decide, learn, pass, view } = open({ forgetting: { kind: 'sliding-window', spanMs } })
    const [early, late] = [decide(), decide()]
    await learn(early, 1)
    pass(50_000)
    await learn(late, 1)
    const countAt = async () => (await view()).reduce((sum, arm) => sum + arm.effectiveCount, 0)
    expect(await countAt()).toBe(2)
    // Had the late one been dated by its arrival, it would still be there.
    pass(spanMs - 50_000 + 6000)
    expect(await countAt()).toBe(0)
  })
})

test('no number of rewards is enough: after ten million, one more still moves the mean', async () => {
  const { agent, store, decide, learn, view, generation } = open({ arms: arms.slice(0, 1) })
  const decision = decide()
  const at = { decidedAt: decision.decidedAt, bucket: Math.floor(decision.decidedAt / 1000), epoch: 0 }
  const state = store.endpoint({ endpoint: 'shop', generation, windowMs, bucketMs: 1000 })
  const delta = defaultContribution(500_000, 1).map((value) => value * 1e7)
  await state.applyReward({ key: keyOf(0), arm: 'a', ...at, expectedMark: '', mark: 'x', delta })
  await agent.synchronise()
  const [before] = await view()
  await learn(decision, 1)
  const [after] = await view()
  expect(after!.effectiveCount).toBe(1e7 + 1)
  expect(after!.mean - before!.mean).toBeCloseTo(0.5 / 1e7, 12)
})

test('a batch of rewards is what the same rewards are one by one, by context too', async () => {
  const encoding = createEncoding({
    features: [{ kind: 'range', name: 'age', low: 0, high: 90 }],
    interactions: [],
  })
  async function play(sees: 'each' | 'all at once') {
    const { agent, ledger, decide, learn } = open({ encoding })
    for (let turn = 0; turn < 30; turn++) {
      const encoded = encoding.encode({ age: 3 * turn })
      if (encoded.status !== 'encoded') throw new Error(encoded.detail)
      const decision = decide(encoded.features)
      await ledger.recordFeatures(decision.key, encoded.features)
      await learn(decision, (turn % 7) / 7)
      if (sees === 'each') await agent.synchronise()
    }
    await agent.synchronise()
    const { beliefs } = agent.decide(keyOf(99), undefined, Float64Array.of(1, 0.5))!.basis!.snapshot
    return [0.1, 0.5, 0.9].map((age) =>
      createLinUcb({ alpha: 0.5 }).distribution(beliefs, Float64Array.of(1, age)),
    )
  }
  expect(await play('all at once')).toEqual(await play('each'))
})

describe('a definition that changes', () => {
  test('starts from nothing where the reward means something else, and finds its own again', async () => {
    const first = open()
    await first.learn(first.decide(), 1)
    const others = [{ combine: 'last' }, { defaultMicro: 0 }, { rewardFrom: 'label' }] as const
    for (const change of others) {
      const { agent, generation } = openLearning({
        store: first.store,
        clock: () => 1_790_000_000_000,
        arms,
        windowMs,
        ...change,
      })
      await agent.synchronise()
      expect(generation).not.toBe(first.generation)
      expect(agent.view().arms.map(({ effectiveCount }) => effectiveCount)).toEqual([0, 0, 0])
    }
    const again = openLearning({ store: first.store, clock: () => 1_790_000_000_000, arms, windowMs })
    await again.agent.synchronise()
    expect(again.agent.view().arms.reduce((sum, arm) => sum + arm.effectiveCount, 0)).toBe(1)
  })

  test('by an arm that is added keeps what the others learned, and that one starts from its prior', async () => {
    const first = open({ arms: arms.slice(0, 2) })
    for (let turn = 0; turn < 40; turn++) await first.learn(first.decide(), 0)
    await first.view()
    const prior = { kind: 'fixed', prior: { alpha: 3, beta: 1 } } as const
    const more = [...arms.slice(0, 2), { name: 'new', minShare: 0, prior }]
    const { agent } = openLearning({
      store: first.store,
      clock: () => 1_790_000_000_000,
      arms: more,
      windowMs,
      policy: 'thompson',
    })
    await agent.synchronise()
    const [a, b, added] = agent.view().arms
    expect(a!.effectiveCount + b!.effectiveCount).toBe(40)
    expect(added).toMatchObject({ mean: 0.75, effectiveCount: 0, pulls: 0 })
    expect(added!.share).toBeGreaterThan(0.9)
  })
})

test('an arm that fails is masked and drawn again: the propensity is over the arms that were left', async () => {
  const { agent, decide, learn } = open({ policy: 'thompson' })
  for (let turn = 0; turn < 12; turn++) {
    const decision = decide()
    await learn(decision, decision.arm === 'a' ? 1 : 0)
  }
  await agent.synchronise()
  const shares = new Map(agent.view().arms.map(({ name, share }) => [name, share]))
  const again = agent.decide(keyOf(77), new Set(['a']))!
  expect(again.arm).not.toBe('a')
  expect(again.basis!.arms).toEqual(['b', 'c'])
  expect(again.propensity).toBe(again.basis!.distribution[again.basis!.arms.indexOf(again.arm)])
  expect(again.propensity).toBeGreaterThan(shares.get(again.arm)!)
})
