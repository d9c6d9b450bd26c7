import { describe, expect, onTestFinished, test } from 'vitest'
import type { EndpointConfig } from '../../../gateway/config/endpoint-config.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { createArmControls } from '../../../gateway/controls/arm-controls.ts'
import type { GatewayEvent } from '../../../gateway/events/event.ts'
import { createEvents } from '../../../gateway/events/events.ts'
import { createArmHealth } from '../../../gateway/guardrails/arm-health.ts'
import { createGuard } from '../../../gateway/guardrails/guard.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post, put } from '../../fixtures/gateway-app.ts'
import { rules } from './rules.ts'

/** What an arm costs the others is not looked at here. */
const failover = { called() {}, failed: () => false, resting: () => new Set<string>() }

const open = () => {
  const world = { now: 1_790_000_000_000, probabilityBelow: 0.5 }
  const clock = () => world.now
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const kept = store.endpoint({ endpoint: 'digits', generation: '00000000', windowMs: 1000, bucketMs: 1000 })
  const told: GatewayEvent[] = []
  const events = createEvents({ clock, createId: () => 'an id' })
  events.listen((event) => void told.push(event))

  /** A gateway of its own on the store. */
  function start() {
    const arms = [createFakeArm('new'), createFakeArm('old')]
    const settings: Pick<EndpointConfig, 'arms'> = {
      arms: [
        { kind: 'model', name: 'new', model: 'new', minShare: 0, guardrails: rules },
        { kind: 'model', name: 'old', model: 'old', minShare: 0 },
      ],
    }
    const endpoint = createFakeEndpoint({ arms, settings, clock })
    const agent = { ...endpoint.agent, compare: () => ({ ...world, rewards: 500 }) }
    const controls = createArmControls({ endpoint: 'digits', ...settings, agent, store: kept, events })
    const health = new Map([['new', createArmHealth({ windowMs: 60_000, slowMs: 100, monotonic: clock })]])
    const running = new Map(arms.map((arm) => [arm.name, arm]))
    const guard = createGuard({ arms: settings.arms, running, agent, health, controls, clock })
    const gateway = createTestGateway([{ ...endpoint, controls, health, guard, failover }], {
      monotonic: clock,
    })
    return {
      gateway,
      arms,
      ask: () => post(gateway, '/predict', { inputs: { pixels: [[0, 1, 2, 3]] } }),
      async turn() {
        await controls.synchronise()
        await guard.look()
      },
      async shown() {
        const { body } = await get(gateway, '/endpoints/digits')
        return (body as { arms: Record<string, unknown>[] }).arms[0]!
      },
    }
  }
  return { world, told, start }
}

describe('an arm that fails', () => {
  test('is quarantined, tried again for a while, and free again once it answers', async () => {
    const { world, told, start } = open()
    const one = start()
    one.arms[0]!.behaviour = 'unreachable'
    for (let i = 0; i < 4; i++) expect((await one.ask()).status).toBe(200)
    await one.turn()
    expect(await one.shown()).toMatchObject({ state: 'active' })
    await one.ask()
    await one.turn()
    expect(await one.shown()).toMatchObject({
      state: 'quarantined',
      hold: { kind: 'quarantined', strikes: 1, reason: '5 of 5 requests failed, at most 20 % may' },
    })
    const { calls } = one.arms[0]!
    for (let i = 0; i < 5; i++)
      expect((await one.ask()).body).toMatchObject({ arm: 'old', decision: { degraded: false } })
    expect(one.arms[0]!.calls).toBe(calls)

    one.arms[0]!.behaviour = createFakeArm('new').behaviour
    world.now += 10_000
    await one.turn()
    expect(await one.shown()).toMatchObject({ state: 'active', max_share: 0.02, hold: { kind: 'probation' } })
    expect((await one.ask()).body).toMatchObject({ arm: 'new' })
    world.now += 5000
    await one.turn()
    expect(await one.shown()).toMatchObject({ state: 'active', hold: { kind: 'released' } })
    expect((await one.shown())['max_share']).toBeUndefined()
    expect(told.map(({ kind }) => kind)).toEqual(['arm_quarantined', 'arm_on_probation', 'arm_released'])
    expect(told[0]).toMatchObject({
      endpoint: 'digits',
      arm: 'new',
      detail: 'new gets no request for 10 s: 5 of 5 requests failed, at most 20 % may',
      facts: { rule: 'error_rate', faults: 5, requests: 5, limit: 0.2, strikes: 1, seconds: 10 },
    })
  })

  test('is out on every gateway, and what they saw before does not count against it again', async () => {
    const { world, told, start } = open()
    const [one, other] = [start(), start()]
    for (const each of [one, other]) {
      each.arms[0]!.behaviour = 'bad_output'
      for (let i = 0; i < 5; i++) await each.ask()
    }
    await one.turn()
    await other.turn()
    expect((await other.shown())['state']).toBe('quarantined')
    world.now += 10_000
    await other.turn()
    await one.turn()
    expect(told.map(({ kind }) => kind)).toEqual(['arm_quarantined', 'arm_on_probation'])
    expect((await one.shown())['hold']).toMatchObject({ kind: 'probation', strikes: 1 })
  })

  test('is left alone where nobody else could answer', async () => {
    const { start, told } = open()
    const one = start()
    one.arms[0]!.behaviour = 'timeout'
    one.arms[1]!.isUp = false
    for (let i = 0; i < 30; i++) expect((await one.ask()).status).toBe(503)
    await one.turn()
    expect([(await one.shown())['state'], told]).toEqual(['active', []])
    one.arms[1]!.isUp = true
    await one.turn()
    expect((await one.shown())['state']).toBe('quarantined')
  })

  test('is back at once when an operator says so', async () => {
    const { start, told } = open()
    const one = start()
    one.arms[0]!.behaviour = 'unreachable'
    for (let i = 0; i < 5; i++) await one.ask()
    await one.turn()
    const { body } = await put(one.gateway, '/endpoints/digits/arms/new', { state: 'active' })
    expect(body).toMatchObject({ state: 'active' })
    await one.turn()
    expect((await one.shown())['state']).toBe('active')
    expect(told.map(({ kind }) => kind)).toEqual(['arm_quarantined', 'arm_released'])
  })
})

test('what the caller asked for, and more than there is room for, is no fault of the arm', async () => {
  const { start } = open()
  const one = start()
  for (const behaviour of ['rejected', 'overloaded'] as const) {
    one.arms[0]!.behaviour = behaviour
    for (let i = 0; i < 30; i++) await one.ask()
  }
  await one.turn()
  expect((await one.shown())['state']).toBe('active')
})

test('an arm that answers too slowly is quarantined', async () => {
  const { world, start, told } = open()
  const one = start()
  one.arms[0]!.onCall = () => void (world.now += 101)
  for (let i = 0; i < 5; i++) await one.ask()
  await one.turn()
  expect(told[0]).toMatchObject({
    kind: 'arm_quarantined',
    facts: { rule: 'latency_p99', slow: 5, limit_ms: 100 },
  })
})

test('an arm believed worse than its baseline is quarantined', async () => {
  const { world, start, told } = open()
  const one = start()
  world.probabilityBelow = 0.951
  await one.turn()
  expect(told[0]).toMatchObject({
    kind: 'arm_quarantined',
    detail: 'new gets no request for 10 s: its mean reward is below that of old with a probability of 95.1 %',
    facts: { rule: 'reward', baseline: 'old' },
  })
})
