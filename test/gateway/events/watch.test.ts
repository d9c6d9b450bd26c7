import { expect, test } from 'vitest'
import type { WorkerView } from '../../../gateway/endpoint-runtime.ts'
import { createEvents } from '../../../gateway/events/events.ts'
import { watchEndpoint } from '../../../gateway/events/watch-endpoint.ts'
import { watchWorkers } from '../../../gateway/events/watch-workers.ts'
import { createFakeArm } from '../../fixtures/fake-endpoint.ts'

function listen() {
  let id = 0
  const events = createEvents({ clock: () => 1_000_000, createId: () => `${++id}` })
  const told: string[] = []
  events.listen(({ kind, endpoint, arm, about }) =>
    told.push([kind, endpoint, arm, about].filter((part) => part !== undefined).join(' ')),
  )
  return { events, told: () => told.splice(0) }
}

test('an arm that goes and comes back is told once each; one that starts is no news', () => {
  const { events, told } = listen()
  const arms = [createFakeArm('first'), createFakeArm('second')]
  const byName = new Map(arms.map((arm) => [arm.name, arm]))
  const look = watchEndpoint({ name: 'digits', arms: byName, agent: { warnings: () => [] } }, events)
  arms[1]!.isUp = false
  look()
  arms[1]!.isUp = true
  look()
  look()
  expect(told()).toEqual([])
  arms[1]!.isUp = false
  look()
  look()
  arms[1]!.isUp = true
  look()
  expect(told()).toEqual(['arm_unavailable digits second', 'arm_back digits second'])
})

test('a warning is told when it comes, when it is of another arm and when it is over, not when its numbers move', () => {
  const { events } = listen()
  const told: string[] = []
  events.listen(({ kind, detail, facts }) => told.push(`${kind}: ${detail} ${JSON.stringify(facts ?? null)}`))
  const warning = (flipsAtMs: number, better: string) => [
    { code: 'window_hides_best_arm', flipsAtMs, better, arms: [], detail: `${better} is hidden` },
  ]
  let warnings: ReturnType<typeof warning> = []
  const look = watchEndpoint({ name: 'shop', arms: new Map(), agent: { warnings: () => warnings } }, events)
  look()
  for (const next of [warning(2000, 'slow'), warning(4000, 'slow'), warning(4000, 'slower'), [], []]) {
    warnings = next
    look()
  }
  expect(told).toEqual([
    'warning: slow is hidden {"flipsAtMs":2000,"better":"slow"}',
    'warning: slower is hidden {"flipsAtMs":4000,"better":"slower"}',
    'warning_over: there is no reason any more to warn of window hides best arm null',
  ])
})

test('a worker that goes, is started again and answers is told, whichever endpoints ask it', () => {
  const { events, told } = listen()
  const look = watchWorkers(events)
  const worker = (state: WorkerView['state'], restarts = 0): readonly WorkerView[] => [
    { model: 'network', replica: 0, state, restarts },
  ]
  for (const view of [worker('starting'), worker('up'), worker('up')]) look(view)
  expect(told()).toEqual([])
  look(worker('down'))
  look(worker('down'))
  expect(told()).toEqual(['worker_down network/0'])
  look(worker('starting', 1))
  look(worker('up', 1))
  look(worker('up', 1))
  expect(told()).toEqual(['worker_restarted network/0', 'worker_up network/0'])
})

test('a version that takes the place of another is no news, in which order ever its workers are seen', () => {
  const { events, told } = listen()
  const look = watchWorkers(events)
  const worker = (replica: number, state: WorkerView['state'], version: string): WorkerView => ({
    model: 'network',
    replica,
    state,
    version,
    restarts: 0,
  })
  look([worker(0, 'up', '1')])
  look([worker(0, 'up', '1'), worker(1, 'starting', '2')])
  look([worker(0, 'draining', '1'), worker(1, 'up', '2')])
  look([worker(1, 'up', '2')])
  // The third one came and broke between two looks, in the place that the first one had.
  look([worker(1, 'up', '2'), worker(0, 'down', '3')])
  look([worker(1, 'down', '4')])
  look([worker(1, 'up', '4')])
  // Another came and went since the last look.
  look([worker(1, 'starting', '4')])
  look([worker(1, 'up', '4')])
  expect(told()).toEqual([])
})

test('a worker that is quarantined is told of once, and once more when it is up again', () => {
  const { events, told } = listen()
  const look = watchWorkers(events)
  const views = ['up', 'down', 'quarantined', 'starting', 'quarantined', 'starting', 'up', 'up'] as const
  for (const state of views) look([{ model: 'network', replica: 0, state, restarts: 0 }])
  const about = 'network/0'
  expect(told()).toEqual([
    `worker_down ${about}`,
    `arm_quarantined ${about}`,
    `arm_released ${about}`,
    `worker_up ${about}`,
  ])
})

test('gateways that see the same thing of an endpoint give it one id; what is their own has its own', () => {
  let now = 6_000_000
  const ids = () => {
    let id = 0
    const events = createEvents({ clock: () => now, createId: () => `own ${++id}` })
    const found: string[] = []
    events.listen((event) => found.push(event.id))
    return { events, found }
  }
  const gateways = [ids(), ids()]
  const winner = { kind: 'winner_found', endpoint: 'digits', detail: '' } as const
  for (const { events } of gateways) {
    events.emit({ ...winner, arm: 'first' })
    now += 1000
    events.emit({ ...winner, arm: 'first' })
    events.emit({ ...winner, arm: 'second' })
    events.emit({ kind: 'store_away', detail: '' })
  }
  const [found, again] = gateways.map((gateway) => gateway.found)
  expect(found).toEqual(again)
  expect(new Set(found).size).toBe(4)
  expect(found![3]).toBe('own 1')
  now += 600_000
  gateways[0]!.events.emit({ ...winner, arm: 'first' })
  expect(new Set(found).size).toBe(5)
})
