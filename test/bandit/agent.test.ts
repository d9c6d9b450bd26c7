import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createAgent } from '../../bandit/agent.ts'
import type { AgentDeps } from '../../bandit/agent-deps.ts'
import { noForgetting } from '../../bandit/beliefs/forgetting.ts'
import { createPolicy, type PolicyName } from '../../bandit/policies/by-name.ts'
import { uniformPrior } from '../../bandit/beliefs/posterior.ts'
import { createKey } from '../../bandit/random.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { StoreUnavailable, type EndpointStore } from '../../bandit/store/store.ts'

const times = { windowMs: 60_000, bucketMs: 1000, forgetting: noForgetting }
const names = ['a', 'b', 'c']
const key = () => createKey(randomBytes)

let now: number
beforeEach(() => {
  now = 1_790_000_000_000
})

function open(changes: Partial<AgentDeps> = {}, policy: PolicyName = 'thompson') {
  const store = createSqliteStore({ path: ':memory:', clock: () => now })
  onTestFinished(() => store.close())
  const { windowMs, bucketMs } = times
  const state = store.endpoint({ endpoint: 'shop', generation: '00000000', windowMs, bucketMs })
  const agent = createAgent({
    endpoint: 'shop',
    generation: '00000000',
    arms: names.map((name) => ({ name, minShare: 0 })),
    policy: createPolicy({ name: policy }),
    prior: uniformPrior,
    store: state,
    gateway: 'one',
    clock: () => now,
    ...times,
    defaultMicro: undefined,
    staleMs: 5000,
    ...changes,
  })
  return { agent, state }
}

/** Rewards of arm `arm` as the learner would add them. */
async function reward(state: EndpointStore, arm: string, micro: number, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const delta = rewardDelta(micro, 1)
    const at = { decidedAt: now, bucket: Math.floor(now / times.bucketMs), epoch: 0 }
    await state.applyReward({ key: key(), arm, ...at, expectedMark: '', mark: 'x', delta })
  }
}

describe('decide', () => {
  test('draws the same arm for the same key and reports the propensity it drew with', () => {
    const { agent } = open()
    const decision = agent.decide('AAECAwQFBgcICQoL')!
    expect(agent.decide('AAECAwQFBgcICQoL')).toEqual(decision)
    expect(decision.propensity).toBeCloseTo(1 / 3, 9)
  })

  test('leaves unavailable arms out and gives their share to the rest', () => {
    const { agent } = open()
    for (let i = 0; i < 50; i += 1) {
      const decision = agent.decide(key(), new Set(['a']))!
      expect(decision.arm).not.toBe('a')
      expect(decision.propensity).toBeCloseTo(0.5, 9)
    }
    expect(agent.decide(key(), new Set(names))).toBeUndefined()
  })

  test('follows what was learned, also among the arms that a mask leaves', async () => {
    const { agent, state } = open()
    await reward(state, 'a', 1_000_000, 100)
    await reward(state, 'b', 1_000_000, 40)
    await reward(state, 'c', 0, 40)
    await agent.synchronise()
    const share = Object.fromEntries(agent.view().arms.map((arm) => [arm.name, arm.share]))
    expect(share['a']).toBeGreaterThan(0.6)
    expect(share['c']).toBeLessThan(1e-6)
    expect(agent.decide(key(), new Set(['a']))).toMatchObject({ arm: 'b' })
  })

  test('is degraded until the store was read and when that is long ago', async () => {
    const { agent } = open()
    expect(agent.decide(key())!.degraded).toBe(true)
    await agent.synchronise()
    expect(agent.decide(key())!.degraded).toBe(false)
    now += 5001
    expect(agent.decide(key())!.degraded).toBe(true)
  })

  test('keeps an arm below its greatest share', async () => {
    const { agent, state } = open({ arms: names.map((name) => ({ name, minShare: 0.05, maxShare: 0.6 })) })
    await reward(state, 'a', 1_000_000, 100)
    await reward(state, 'b', 0, 100)
    await reward(state, 'c', 0, 100)
    await agent.synchronise()
    const shares = agent.view().arms.map(({ share }) => share)
    expect(shares[0]).toBeCloseTo(0.6, 9)
    expect(shares[1]! + shares[2]!).toBeCloseTo(0.4, 9)
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.05)
  })

  test('keeps every arm at its least share', async () => {
    const { agent, state } = open({ arms: names.map((name) => ({ name, minShare: 0.05 })) })
    await reward(state, 'a', 1_000_000, 200)
    await reward(state, 'b', 0, 200)
    await agent.synchronise()
    const share = agent.view().arms.map((arm) => arm.share)
    expect(Math.min(...share)).toBeCloseTo(0.05, 12)
    expect(share.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12)
  })
})

describe('pulls', () => {
  test('spread ucb1 over the arms before any reward has come, snapshot or not', async () => {
    const { agent } = open({}, 'ucb1')
    const counts = new Map(names.map((name) => [name, 0]))
    for (let i = 0; i < 90; i += 1) {
      const decision = agent.decide(key())!
      agent.answered(decision)
      counts.set(decision.arm, counts.get(decision.arm)! + 1)
      if (i % 20 === 0) await agent.synchronise()
    }
    expect([...counts.values()]).toEqual([30, 30, 30])
  })

  test('are counted once answered and never when abandoned', async () => {
    const { agent } = open()
    const kept = agent.decide(key())!
    const lost = agent.decide(key())!
    const pending = () => agent.view().arms.reduce((sum, arm) => sum + arm.pending, 0)
    expect(pending()).toBe(2)
    agent.answered(kept)
    agent.abandoned(lost)
    expect(pending()).toBe(1)
    await agent.synchronise()
    expect(pending()).toBe(1)
    expect(agent.view().arms.reduce((sum, arm) => sum + arm.pulls, 0)).toBe(1)
  })

  test('are flushed again under their number when the reply was lost, and counted once', async () => {
    const { agent, state } = open()
    agent.answered(agent.decide(key())!)
    const recordPulls = vi.spyOn(state, 'recordPulls')
    recordPulls.mockImplementationOnce(async () => {
      throw new StoreUnavailable('no reply')
    })
    await expect(agent.synchronise()).rejects.toThrow(StoreUnavailable)
    agent.answered(agent.decide(key())!)
    await agent.synchronise()
    expect(recordPulls.mock.calls.map(([flush]) => flush.sequence)).toEqual([1, 1, 2])
    expect(agent.view().arms.reduce((sum, arm) => sum + arm.pulls, 0)).toBe(2)
  })
})

describe('the end of a window', () => {
  async function afterTheWindow(defaultMicro: number | undefined) {
    const { agent, state } = open({ defaultMicro })
    for (let i = 0; i < 4; i += 1) agent.answered(agent.decide(key())!)
    await agent.synchronise()
    now += times.windowMs + times.bucketMs
    await agent.synchronise()
    expect(agent.view().arms.reduce((sum, arm) => sum + arm.pending, 0)).toBe(4)
    now += 6000
    await agent.synchronise()
    await agent.synchronise()
    await expect(state.readState()).resolves.toBeDefined()
    const { arms } = agent.view()
    const total = (of: (arm: (typeof arms)[number]) => number) => arms.reduce((sum, arm) => sum + of(arm), 0)
    return {
      pending: total((arm) => arm.pending),
      defaulted: total((arm) => arm.defaulted),
      writtenOff: total((arm) => arm.writtenOff),
      effective: total((arm) => arm.effectiveCount),
    }
  }

  test('writes pulls without a reward off', async () => {
    expect(await afterTheWindow(undefined)).toEqual({ pending: 0, defaulted: 0, writtenOff: 4, effective: 0 })
  })

  test('gives them the default where there is one', async () => {
    expect(await afterTheWindow(0)).toEqual({ pending: 0, defaulted: 4, writtenOff: 0, effective: 4 })
  })
})

test('shows means in the unit of the rewards and whether the best arm has been found', async () => {
  const { agent, state } = open({
    bounds: { low: -10, high: 10 },
    stop: { confidence: 0.95, threshold: 'usual' },
  })
  await agent.synchronise()
  expect(agent.view().identification).toMatchObject({ statistic: 0, decided: false })
  await reward(state, 'a', 1_000_000, 98)
  await reward(state, 'b', 500_000, 98)
  await reward(state, 'c', 0, 98)
  await agent.synchronise()
  const { arms, identification } = agent.view()
  expect(arms.map(({ mean }) => mean)).toEqual([9.8, 0, -9.8].map((mean) => expect.closeTo(mean, 9)))
  expect(arms[1]!.interval[0]).toBeCloseTo(-arms[1]!.interval[1], 6)
  expect(arms[1]!.interval[1]).toBeGreaterThan(1)
  expect(identification).toMatchObject({ leader: 'a', decided: true })
})
