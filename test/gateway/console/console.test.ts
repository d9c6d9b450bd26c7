import { expect, test } from 'vitest'
import type { GatewayEvent } from '../../../gateway/events/event.ts'
import { createConsole } from '../../../gateway/console/console.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'

function start() {
  let now = 1_000_000
  const arms = [createFakeArm('first'), createFakeArm('second')]
  const endpoint = createFakeEndpoint({ arms, clock: () => now })
  let views = 0
  const { agent } = endpoint
  const counted = { ...agent, view: () => (views++, agent.view()) }
  const console = createConsole({
    endpoints: new Map([['digits', { ...endpoint, agent: counted }]]),
    workers: () => [],
    clock: () => now,
  })
  return {
    console,
    agent,
    views: () => views,
    pass: (ms: number) => (now += ms),
    picture: () => console.everything().endpoints[0]!,
  }
}

test('shows an endpoint that nobody has asked yet', () => {
  const { console } = start()
  const update = console.everything()
  expect(update).toMatchObject({ at: 1_000_000, startedAt: 1_000_000, whole: true })
  expect(update.endpoints).toHaveLength(1)
  expect(update.endpoints[0]).toMatchObject({
    name: 'digits',
    reward: { from: 'reward', low: 0, high: 1, windowMs: 3_600_000 },
    now: {
      snapshotAgeMs: 250,
      warnings: [],
      arms: [{ name: 'first', isAvailable: true }, { name: 'second' }],
    },
    history: [{ at: 1_000_000, pulls: [9, 9] }],
    decisions: [],
    events: [],
  })
})

test('keeps the last fifty decisions, with why and without what was asked or answered', () => {
  const { console, agent, picture } = start()
  const decision = agent.decide('key')!
  for (let at = 0; at < 60; at++) console.decided({ ...decision, decidedAt: at }, { failedOver: false })
  console.decided({ ...decision, decidedAt: 60, degraded: true }, { failedOver: true })
  console.decided({ ...decision, decidedAt: 61, degraded: true }, { failedOver: false })
  const { decisions } = picture()
  expect(decisions).toHaveLength(50)
  expect(decisions.slice(-3).map(({ at, reason }) => [at, reason])).toEqual([
    [59, 'policy'],
    [60, 'failover'],
    [61, 'stale'],
  ])
  expect(Object.keys(decisions[0]!).sort()).toEqual(['arm', 'at', 'policy', 'propensity', 'reason'])
})

test('takes a view every five seconds, every second while watched, and once for many who ask', async () => {
  const { console, pass, views } = start()
  const looks = (count: number) => {
    for (let at = 0; at < count; at++) {
      console.look()
      pass(1000)
    }
  }
  looks(20)
  expect(views()).toBe(4)
  console.everything()
  console.everything()
  expect(views()).toBe(5)
  const updates = console.watch()!
  await updates.next()
  looks(10)
  expect(views()).toBeGreaterThanOrEqual(14)
  const before = views()
  await updates.return()
  looks(10)
  expect(views()).toBe(before + 2)
})

test('whoever watches gets everything, then only what is new, until the console closes', async () => {
  const { console, agent, pass } = start()
  console.decided(agent.decide('a')!, { failedOver: false })
  const updates = console.watch()!
  const first = (await updates.next()).value!
  expect([first.whole, first.endpoints[0]!.decisions.length]).toEqual([true, 1])

  const second = updates.next()
  pass(1000)
  console.decided(agent.decide('b')!, { failedOver: false })
  console.look()
  const { value } = await second
  expect(value).toMatchObject({
    whole: false,
    endpoints: [{ decisions: [{ arm: 'first' }], history: [{ at: 1_001_000 }] }],
  })

  const last = updates.next()
  console.close()
  expect(await last).toEqual({ done: true, value: undefined })
  expect(console.watch()).toBeUndefined()
})

test('no more than 32 watch at a time', async () => {
  const { console } = start()
  const watching = Array.from({ length: 32 }, () => console.watch())
  expect(watching).not.toContain(undefined)
  expect(console.watch()).toBeUndefined()
  await watching[0]!.next()
  await watching[0]!.return()
  expect(console.watch()).toBeDefined()
})

test('shows what happens with the endpoints that it concerns, and keeps a hundred of it', () => {
  const { console, picture } = start()
  const happened = (event: Partial<GatewayEvent>) =>
    console.happened({ id: `${++told}`, at: told, kind: 'store_away', detail: `event ${told}`, ...event })
  let told = 0
  happened({ kind: 'store_away' })
  happened({ kind: 'winner_found', endpoint: 'digits', arm: 'first' })
  happened({ kind: 'winner_found', endpoint: 'another' })
  happened({ kind: 'worker_down', facts: { model: 'second', replica: 0 } })
  happened({ kind: 'worker_down', facts: { model: 'of-another-endpoint', replica: 0 } })
  expect(picture().events).toEqual([
    { id: '1', at: 1, kind: 'store_away', level: 'bad', detail: 'event 1' },
    { id: '2', at: 2, kind: 'winner_found', level: 'good', detail: 'event 2' },
    { id: '4', at: 4, kind: 'worker_down', level: 'bad', detail: 'event 4' },
  ])
  for (let more = 0; more < 120; more++) happened({})
  expect(picture().events).toHaveLength(100)
})
