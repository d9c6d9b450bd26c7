import { describe, expect, onTestFinished, test } from 'vitest'
import { createKey, type Agent, type EndpointStore, type PolicyName } from '../../bandit/index.ts'
import { createPolicy } from '../../bandit/policies/by-name.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { StoreUnavailable } from '../../bandit/store/store.ts'
import { learningIds, openLearning } from '../fixtures/learning-gateway.ts'
import { uniformSource } from './support/random-source.ts'

const maxStep = { share: 0.1, perMs: 1000 }
const names = ['a', 'b', 'c']

interface Options {
  readonly gateways?: number
  readonly policy?: PolicyName
  readonly minShare?: number
}

function open({ gateways = 1, policy = 'thompson', minShare = 0 }: Options = {}) {
  let now = 1_790_000_000_000
  let isAway = false
  const clock = () => now
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const agentStore = (own: EndpointStore): EndpointStore => ({
    ...own,
    readState: (version) =>
      isAway ? Promise.reject(new StoreUnavailable('it is away')) : own.readState(version),
  })
  const arms = names.map((name) => ({ name, minShare }))
  const opened = Array.from({ length: gateways }, (_, at) =>
    openLearning({
      store,
      clock,
      arms,
      policy,
      maxStep,
      agentStore,
      windowMs: 60_000,
      gateway: `gateway-${at}`,
    }),
  )
  let rewards = 0
  /** Another gateway, whose configuration has one arm more. */
  const join = (name: string) =>
    openLearning({
      store,
      clock,
      arms: [...arms, { name, minShare }],
      policy,
      maxStep,
      windowMs: 60_000,
      gateway: 'joined',
    }).agent
  return {
    join,
    agents: opened.map(({ agent }) => agent),
    /** So many rewards of 1 at once, for one arm. */
    burst: async (arm: string, count: number): Promise<void> => {
      await opened[0]!.store.applyReward({
        key: `burst-${rewards++}`.padEnd(16, '-'),
        arm,
        bucket: clock() / 1000,
        epoch: 0,
        decidedAt: clock(),
        expectedMark: '',
        mark: 'x',
        delta: rewardDelta(1e6, 1).map((sum) => count * sum),
      })
    },
    pass: (ms: number) => void (now += ms),
    away: (away: boolean) => void (isAway = away),
  }
}

const sharesOf = (agent: Agent) => agent.view().arms.map(({ share }) => share)
const wantedBy = (agent: Agent) => agent.view().arms.map(({ wantedShare }) => wantedShare!)
const third = expect.closeTo(1 / 3, 12)
const uniform = uniformSource(27)
const key = () => createKey((size) => Uint8Array.from({ length: size }, () => 256 * uniform()))

/** What moves farthest. */
const farthest = (from: readonly number[], to: readonly number[]) =>
  Math.max(...from.map((share, at) => Math.abs(share - to[at]!)))

describe('100,000 rewards for one arm', () => {
  test('move no share by more than a step a look, and arrive where the policy wants them', async () => {
    const {
      agents: [agent],
      burst,
      pass,
    } = open()
    await agent!.synchronise()
    expect(sharesOf(agent!)).toEqual([third, third, third])
    await burst('b', 100_000)
    let before = sharesOf(agent!)
    for (let look = 0; look < 26; look++) {
      pass(250)
      await agent!.synchronise()
      const now = sharesOf(agent!)
      expect(wantedBy(agent!)[1]).toBeGreaterThan(0.99)
      expect(farthest(before, now)).toBeLessThanOrEqual(0.025 + 1e-12)
      expect(now[1]).toBeCloseTo(1 / 3 + 0.025 * (look + 1), 4)
      before = now
    }
    pass(1000)
    await agent!.synchronise()
    expect(sharesOf(agent!)).toEqual(wantedBy(agent!))
  })

  test('are drawn and sealed with the share that is used, and not the one that is wanted', async () => {
    const {
      agents: [agent],
      burst,
      pass,
    } = open()
    await agent!.synchronise()
    await burst('b', 100_000)
    pass(1000)
    await agent!.synchronise()
    const shares = sharesOf(agent!)
    const drawn = new Map(names.map((name) => [name, 0]))
    for (let draw = 0; draw < 3000; draw++) {
      const decision = agent!.decide(key())!
      agent!.abandoned(decision)
      expect(decision.propensity).toBe(shares[names.indexOf(decision.arm)])
      drawn.set(decision.arm, drawn.get(decision.arm)! + 1)
    }
    // Seven deviations of 27.
    expect(Math.abs(drawn.get('b')! - 3000 * shares[1]!)).toBeLessThan(200)
    const decision = agent!.decide(key())!
    expect(learningIds.verify(learningIds.sign(decision))).toMatchObject({
      arm: decision.arm,
      propensity: decision.propensity,
    })
  })
})

test('a store that is away moves nothing, and nothing is made up for when it is back', async () => {
  const { agents, burst, pass, away } = open()
  const [agent] = agents
  await agent!.synchronise()
  await burst('b', 1000)
  away(true)
  for (let look = 0; look < 40; look++) {
    pass(250)
    await expect(agent!.synchronise()).rejects.toThrow(StoreUnavailable)
  }
  expect(sharesOf(agent!)).toEqual([third, third, third])
  away(false)
  await agent!.synchronise()
  expect(sharesOf(agent!)[1]).toBeCloseTo(1 / 3 + 0.1, 6)
})

describe('a gateway that starts', () => {
  /** So many decisions that are answered, as the shares have it. */
  const serve = async (agent: Agent, count: number) => {
    for (let decision = 0; decision < count; decision++) agent.answered(agent.decide(key())!)
    await agent.synchronise()
  }

  test('goes on from where the traffic of the others is', async () => {
    const { agents, burst, pass } = open({ gateways: 2 })
    const [old, fresh] = agents
    await old!.synchronise()
    await serve(old!, 1000)
    await burst('b', 1000)
    pass(1000)
    await old!.synchronise()
    await serve(old!, 2000)
    await fresh!.synchronise()
    // Of 2,000 pulls, whose share has a deviation of 0.011.
    expect(farthest(sharesOf(old!), sharesOf(fresh!))).toBeLessThan(0.05)
    expect(wantedBy(fresh!)[1]).toBeGreaterThan(0.99)
    pass(1000)
    const before = sharesOf(fresh!)
    await fresh!.synchronise()
    expect(sharesOf(fresh!)[1]).toBeCloseTo(before[1]! + 0.1, 4)
  })

  test('gives nothing at once to an arm that joined with it', async () => {
    const { agents, burst, pass, join } = open()
    const [old] = agents
    await burst('b', 20)
    await old!.synchronise()
    await serve(old!, 2000)
    const more = join('d')
    await more.synchronise()
    expect(wantedBy(more)[3]).toBeGreaterThan(0.04)
    expect(sharesOf(more)[3]).toBe(0)
    pass(1000)
    await more.synchronise()
    expect(sharesOf(more)[3]).toBeGreaterThan(0.04)
  })

  test('begins with what is wanted where the traffic is as that would make it', async () => {
    const { agents, burst } = open({ gateways: 2 })
    const [old, fresh] = agents
    await burst('b', 5)
    await old!.synchronise()
    await serve(old!, 500)
    await fresh!.synchronise()
    expect(sharesOf(fresh!)).toEqual(wantedBy(fresh!))
  })
})

test('a gateway that starts where nobody was served takes what is wanted at once, and the others come to the same', async () => {
  const { agents, burst, pass } = open({ gateways: 2 })
  const [old, fresh] = agents
  await old!.synchronise()
  await burst('b', 30)
  await fresh!.synchronise()
  expect(sharesOf(fresh!)).toEqual(wantedBy(fresh!))
  for (let second = 0; second < 3; second++) {
    pass(1000)
    await old!.synchronise()
  }
  expect(farthest(sharesOf(old!), sharesOf(fresh!))).toBeGreaterThan(0.1)
  for (let second = 0; second < 7; second++) {
    pass(1000)
    await old!.synchronise()
  }
  expect(sharesOf(old!)).toEqual(sharesOf(fresh!))
})

test('an arm that is paused, or out for its health, gets nothing from the same moment on', async () => {
  const { agents, burst, pass } = open()
  const [agent] = agents
  await burst('b', 1000)
  await agent!.synchronise()
  expect(sharesOf(agent!)[1]).toBeGreaterThan(0.99)
  const out = agent!.decide(key(), new Set(['b']))!
  expect(out.propensity).toBeCloseTo(0.5, 2)
  agent!.steer([{ minShare: 0 }, { minShare: 0, excluded: true }, { minShare: 0 }])
  expect(sharesOf(agent!)).toEqual([expect.closeTo(0.5, 2), 0, expect.closeTo(0.5, 2)])
  agent!.steer(names.map(() => ({ minShare: 0 })))
  expect(sharesOf(agent!)[1]).toBe(0)
  pass(1000)
  await agent!.synchronise()
  expect(sharesOf(agent!)[1]).toBeCloseTo(0.1, 12)
  agent!.steer([{ minShare: 0 }, { minShare: 0.6 }, { minShare: 0 }])
  expect(sharesOf(agent!)[1]).toBeCloseTo(0.6, 12)
})

test.each<PolicyName>(['top-two-thompson', 'epsilon-greedy', 'exp3'])(
  '%s moves by steps too, above its floors',
  async (policy) => {
    const { agents, burst, pass } = open({ policy, minShare: 0.05 })
    const [agent] = agents
    await agent!.synchronise()
    let before = sharesOf(agent!)
    await burst('c', 10_000)
    for (let look = 0; look < 8; look++) {
      pass(1000)
      await agent!.synchronise()
      const now = sharesOf(agent!)
      expect(farthest(before, now)).toBeLessThanOrEqual(0.1 + 1e-12)
      expect(Math.min(...now)).toBeGreaterThanOrEqual(0.05 - 1e-12)
      before = now
    }
    expect(before).toEqual(wantedBy(agent!))
  },
)

test('a policy by context cannot be given steps', () => {
  const store = createSqliteStore({ path: ':memory:', clock: () => 0 })
  onTestFinished(() => store.close())
  expect(createPolicy({ name: 'lin-ucb' }).usesContext).toBe(true)
  const arms = names.map((name) => ({ name, minShare: 0 }))
  expect(() =>
    openLearning({ store, arms, maxStep, clock: () => 0, windowMs: 60_000, policy: 'lin-ucb' }),
  ).toThrow(RangeError)
})
