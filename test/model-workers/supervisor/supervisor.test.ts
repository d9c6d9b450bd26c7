import { readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type {
  SpawnWorker,
  WorkerEvents,
  WorkerLaunch,
} from '../../../model-workers/supervisor/spawn-worker.ts'
import {
  createSupervisor,
  type Replica,
  type Supervisor,
} from '../../../model-workers/supervisor/supervisor.ts'
import { createFakeTimers, type FakeTimers } from '../../fixtures/fake-timers.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'
import { tempDir } from '../../support/temp-dir.ts'

interface FakeProcess {
  readonly launch: WorkerLaunch
  readonly events: WorkerEvents
  readonly signals: string[]
}

interface Stage {
  readonly supervisor: Supervisor
  readonly spawned: FakeProcess[]
  readonly timers: FakeTimers
  readonly changes: Replica[]
  readonly runDir: string
}

const metadata = { name: 'm', platform: 'test', inputs: [], outputs: [] }
const ready = { type: 'ready', address: { socket: '' }, metadata } as const
const killed = { code: null, signal: 'SIGKILL' } as const
const broken = { code: 1, signal: null, reason: 'broken' } as const

/** Processes that do nothing by themselves; `random` is 1 − ε, so every delay is the bound of its jitter. */
const stage = async (models = [{ name: 'm', onnx: '/m.onnx', replicas: 1 }]): Promise<Stage> => {
  const spawned: FakeProcess[] = []
  const changes: Replica[] = []
  const timers = createFakeTimers()
  const runDir = await tempDir()
  const spawn: SpawnWorker = (launch, events) => {
    const process: FakeProcess = { launch, events, signals: [] }
    const pid = 1000 + spawned.push(process)
    return { pid, kill: (signal) => void process.signals.push(signal) }
  }
  const supervisor = await createSupervisor({
    models,
    runDir,
    logger: quietLogger,
    spawn,
    timers,
    random: () => 1 - Number.EPSILON,
    onChange: (replica) => changes.push(replica),
  })
  return { supervisor, spawned, timers, changes, runDir }
}

test('one process is started for each replica, each with a socket of its own in a private folder', async () => {
  const { supervisor, spawned } = await stage([
    { name: 'a', onnx: '/a.onnx', replicas: 2 },
    { name: 'b', onnx: '/b.onnx', replicas: 1 },
  ])
  expect(spawned.map(({ launch }) => [launch.model, launch.onnx])).toEqual([
    ['a', '/a.onnx'],
    ['a', '/a.onnx'],
    ['b', '/b.onnx'],
  ])
  expect(new Set(spawned.map(({ launch }) => launch.socket)).size).toBe(3)
  expect(supervisor.replicas().map(({ model, index, state, pid }) => [model, index, state, pid])).toEqual([
    ['a', 0, 'starting', 1001],
    ['a', 1, 'starting', 1002],
    ['b', 0, 'starting', 1003],
  ])
  const folder = await stat(dirname(spawned[0]!.launch.socket))
  expect(folder.mode & 0o777).toBe(0o700)
})

test('a replica that is ready shows its metadata', async () => {
  const { supervisor, spawned, changes } = await stage()
  spawned[0]!.events.onReady(ready)
  expect(supervisor.replicas()[0]).toMatchObject({ state: 'ready', metadata, restarts: 0 })
  expect(changes.map(({ state }) => state)).toEqual(['starting', 'ready'])
})

test('restarts wait ever longer', async () => {
  const { supervisor, spawned, timers } = await stage()
  for (const delayMs of [100, 200, 400, 800]) {
    const before = spawned.length
    spawned.at(-1)!.events.onExit(broken)
    expect(supervisor.replicas()[0]).toMatchObject({ state: 'backoff', lastExit: broken })
    expect(supervisor.replicas()[0]).not.toHaveProperty('pid')
    timers.advance(delayMs - 1)
    expect(spawned).toHaveLength(before)
    timers.advance(1)
    expect(spawned).toHaveLength(before + 1)
  }
  expect(supervisor.replicas()[0]!.restarts).toBe(4)
})

/** Lets the newest process end, and the one after it start. */
const dieAfter = ({ spawned, timers }: Stage, upMs: number, waitMs: number): void => {
  spawned.at(-1)!.events.onReady(ready)
  timers.advance(upMs)
  spawned.at(-1)!.events.onExit(killed)
  timers.advance(waitMs)
}

test('a minute up makes the next restart quick again, less does not', async () => {
  const set = await stage()
  const { spawned } = set
  dieAfter(set, 59_999, 100)
  dieAfter(set, 59_999, 199)
  expect(spawned).toHaveLength(2)
  set.timers.advance(1)
  dieAfter(set, 60_000, 100)
  expect(spawned).toHaveLength(4)
})

test('one that ended five times within a minute is tried once a minute, until it was up for one', async () => {
  const set = await stage()
  const { supervisor, spawned, timers } = set
  const state = () => supervisor.replicas()[0]!.state
  for (let exit = 0; exit < 4; exit++) {
    spawned.at(-1)!.events.onExit(broken)
    timers.advance(1000)
  }
  spawned.at(-1)!.events.onExit(broken)
  expect(state()).toBe('quarantined')
  expect(spawned).toHaveLength(5)
  timers.advance(59_999)
  expect(spawned).toHaveLength(5)
  timers.advance(1)
  expect(spawned).toHaveLength(6)

  dieAfter(set, 59_999, 0)
  expect(state()).toBe('quarantined')
  timers.advance(60_000)
  dieAfter(set, 60_000, 0)
  expect(state()).toBe('backoff')
})

test('five ends that are further apart are no reason to leave it alone', async () => {
  const set = await stage()
  for (let exit = 0; exit < 10; exit++) dieAfter(set, 15_000, 30_000)
  expect(set.supervisor.replicas()[0]!.state).toBe('starting')
  expect(set.spawned).toHaveLength(11)
})

test('one that was killed three times within a minute because it hung is left alone', async () => {
  const { supervisor, spawned, timers } = await stage()
  for (let hang = 0; hang < 3; hang++) {
    expect(supervisor.replicas()[0]!.state).not.toBe('quarantined')
    spawned.at(-1)!.events.onReady(ready)
    supervisor.killHung(supervisor.replicas()[0]!.socket)
    spawned.at(-1)!.events.onExit(killed)
    timers.advance(5000)
  }
  expect(supervisor.replicas()[0]!.state).toBe('quarantined')
})

test('a process that is not ready after 30 s is killed and restarted', async () => {
  const { supervisor, spawned, timers } = await stage()
  timers.advance(29_999)
  expect(spawned[0]!.signals).toEqual([])
  timers.advance(1)
  expect(spawned[0]!.signals).toEqual(['SIGKILL'])
  spawned[0]!.events.onExit(killed)
  timers.advance(100)
  spawned[1]!.events.onReady(ready)
  timers.advance(100_000)
  expect(spawned[1]!.signals).toEqual([])
  expect(supervisor.replicas()[0]).toMatchObject({ state: 'ready', restarts: 1 })
})

test('a replica can be killed by its socket and comes back on the same one', async () => {
  const { supervisor, spawned, timers } = await stage([{ name: 'a', onnx: '/a.onnx', replicas: 2 }])
  for (const { events } of spawned) events.onReady(ready)
  const { socket } = supervisor.replicas()[1]!
  supervisor.killHung(socket)
  expect(spawned.map(({ signals }) => signals)).toEqual([[], ['SIGKILL']])
  spawned[1]!.events.onExit(killed)
  timers.advance(100)
  expect(spawned[2]!.launch.socket).toBe(socket)
})

test('stopping announces, asks, waits for the grace, then kills, and leaves nothing', async () => {
  const { supervisor, spawned, timers, changes, runDir } = await stage([
    { name: 'a', onnx: '/a.onnx', replicas: 2 },
  ])
  for (const { events } of spawned) events.onReady(ready)
  let over = false
  const stopped = supervisor.stop().then(() => (over = true))
  expect(supervisor.replicas().map(({ state }) => state)).toEqual(['stopping', 'stopping'])
  expect(spawned.map(({ signals }) => signals)).toEqual([['SIGTERM'], ['SIGTERM']])
  spawned[0]!.events.onExit({ code: 0, signal: null })
  timers.advance(5_000)
  expect(spawned.map(({ signals }) => signals)).toEqual([['SIGTERM'], ['SIGTERM', 'SIGKILL']])
  expect(over).toBe(false)
  spawned[1]!.events.onExit(killed)
  await stopped
  expect(changes.slice(-4).map(({ index, state }) => [index, state])).toEqual([
    [0, 'stopping'],
    [1, 'stopping'],
    [0, 'stopped'],
    [1, 'stopped'],
  ])
  expect(timers.waiting()).toBe(0)
  expect(spawned).toHaveLength(2)
  expect(await readdir(runDir)).toEqual([])
})

test('stopping between restarts starts nothing more', async () => {
  const { supervisor, spawned, timers } = await stage()
  spawned[0]!.events.onExit(killed)
  await supervisor.stop()
  await supervisor.stop()
  timers.advance(60_000)
  expect(spawned).toHaveLength(1)
  expect(supervisor.replicas()[0]!.state).toBe('stopped')
})

test('a run directory whose path is too long for sockets is refused', async () => {
  const runDir = `${await tempDir()}/${'x'.repeat(90)}`
  const started = createSupervisor({ models: [], runDir, logger: quietLogger })
  await expect(started).rejects.toMatchObject({ code: 'cannot_listen' })
  expect(await readdir(runDir)).toEqual([])
})

test('another file of a model is served beside the first, on its own sockets, until its workers are stopped', async () => {
  const { supervisor, spawned, changes } = await stage()
  const own: Replica[] = []
  const next = { name: 'm', onnx: '/m2.onnx', replicas: 1 }
  const group = supervisor.launch(next, { firstIndex: 1, onChange: (replica) => own.push(replica) })
  expect(supervisor.replicas().map(({ model, index }) => [model, index])).toEqual([
    ['m', 0],
    ['m', 1],
  ])
  const [first, second] = spawned.map(({ launch }) => launch)
  expect(second).toMatchObject({ model: 'm', onnx: '/m2.onnx' })
  expect(second!.socket).not.toBe(first!.socket)
  spawned[1]!.events.onReady(ready)
  expect(own.map(({ state }) => state)).toEqual(['starting', 'ready'])
  expect(changes.map(({ index }) => index)).toEqual([0])

  const stopped = group.stop()
  expect(spawned.map(({ signals }) => signals)).toEqual([[], ['SIGTERM']])
  spawned[1]!.events.onExit({ code: 0, signal: null })
  await stopped
  expect(supervisor.replicas().map(({ index }) => index)).toEqual([0])
  // Its place is free again, so that sockets do not get longer names for ever.
  supervisor.launch(next, { firstIndex: 1 })
  expect(spawned[2]!.launch.socket).toBe(second!.socket)
})
