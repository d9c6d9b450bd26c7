import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { Client } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import {
  createSupervisor,
  type Replica,
  type Supervisor,
} from '../../../model-workers/supervisor/supervisor.ts'
import { modelFile } from '../../fixtures/model-file.ts'
import { loopModel, matMulModel } from '../../fixtures/onnx-models.ts'
import { isRunning, startNode } from '../../fixtures/processes.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

interface Supervised {
  readonly supervisor: Supervisor
  readonly runDir: string
  readonly changes: Replica[]
}

const supervise = async (
  models: readonly (Uint8Array | string)[],
  { replicas = 1, graceMs = 5_000, startLimitMs = 30_000 } = {},
): Promise<Supervised> => {
  const runDir = await tempDir()
  const changes: Replica[] = []
  const files = await Promise.all(models.map(modelFile))
  const supervisor = await createSupervisor({
    models: files.map((onnx, i) => ({ name: `m${i}`, onnx, replicas })),
    runDir,
    logger: quietLogger,
    onChange: (replica) => changes.push(replica),
    graceMs,
    startLimitMs,
  })
  onTestFinished(() => supervisor.stop())
  return { supervisor, runDir, changes }
}

const allReady = (supervisor: Supervisor): Promise<boolean> =>
  waitUntil(() => supervisor.replicas().every(({ state }) => state === 'ready'), {
    what: 'all replicas are ready',
    timeoutMs: 20_000,
  })

const infer = async (replica: Replica, body: string): Promise<unknown> => {
  const client = new Client('http://localhost', { socketPath: replica.socket })
  try {
    const answer = await client.request({ path: `/v2/models/${replica.model}/infer`, method: 'POST', body })
    return await answer.body.json()
  } finally {
    await client.destroy()
  }
}

/** Sends a loop that does not end within any patience, and waits until the worker no longer answers. */
const hang = async (replica: Replica): Promise<void> => {
  const socket = connect(replica.socket)
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  const body = `{"inputs":[{"name":"n","datatype":"INT64","shape":[],"data":[${Number.MAX_SAFE_INTEGER}]}]}`
  const head = `POST /v2/models/${replica.model}/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`
  socket.write(head + body)
  await waitUntil(() => isSilent(replica.socket), { what: 'the worker hangs', timeoutMs: 10_000 })
}

const isSilent = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => socket.write('GET /v2/health/live HTTP/1.1\r\nhost: x\r\n\r\n'))
    const timer = setTimeout(() => settle(true), 200)
    const settle = (silent: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(silent)
    }
    socket.on('data', () => settle(false))
    socket.on('error', () => settle(false))
  })

const row = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}'

test('every replica of every model answers on its socket', async () => {
  const { supervisor } = await supervise([matMulModel(), matMulModel()], { replicas: 2 })
  await allReady(supervisor)
  for (const replica of supervisor.replicas()) {
    expect(replica.metadata?.name).toBe(replica.model)
    expect(await infer(replica, row)).toMatchObject({ outputs: [{ data: [22, 28] }] })
  }
})

test.runIf(process.platform === 'linux')('a worker gets nothing of our environment', async () => {
  const { supervisor } = await supervise([matMulModel()])
  await allReady(supervisor)
  const environment = await readFile(`/proc/${supervisor.replicas()[0]!.pid}/environ`, 'utf8')
  expect(environment).toContain('NODE_CHANNEL_FD=')
  expect(environment).not.toContain('PATH=')
})

test('a worker that is killed comes back on the same socket', async () => {
  const { supervisor } = await supervise([matMulModel()])
  await allReady(supervisor)
  const [before] = supervisor.replicas()
  process.kill(before!.pid!, 'SIGKILL')
  await waitUntil(() => supervisor.replicas()[0]!.restarts === 1, { what: 'it was restarted' })
  await allReady(supervisor)
  const [after] = supervisor.replicas()
  expect(after).toMatchObject({ socket: before!.socket, lastExit: { code: null, signal: 'SIGKILL' } })
  expect(after!.pid).not.toBe(before!.pid)
  expect(await infer(after!, row)).toMatchObject({ outputs: [{ data: [22, 28] }] })
})

test('a worker that hangs can be killed by its socket', async () => {
  const { supervisor } = await supervise([loopModel()])
  await allReady(supervisor)
  const [replica] = supervisor.replicas()
  await hang(replica!)
  supervisor.killHung(replica!.socket)
  await waitUntil(() => supervisor.replicas()[0]!.restarts === 1, { what: 'it was restarted' })
  await allReady(supervisor)
  const body = '{"inputs":[{"name":"n","datatype":"INT64","shape":[],"data":[3]}]}'
  expect(await infer(supervisor.replicas()[0]!, body)).toMatchObject({ outputs: [{ data: [3] }] })
})

test('a model that cannot be loaded is tried again at growing distances, while others serve', async () => {
  const { supervisor, changes } = await supervise([matMulModel(), 'not a model'])
  const broken = (): Replica => supervisor.replicas()[1]!
  await waitUntil(() => broken().restarts >= 3, { what: 'it was tried four times', timeoutMs: 20_000 })
  expect(broken().lastExit).toMatchObject({ code: 1, reason: expect.stringContaining('is not a model') })
  await allReadyBut(supervisor, broken().model)
  const states = changes.filter(({ model }) => model === broken().model).map(({ state }) => state)
  expect(states.slice(0, 6)).toEqual(['starting', 'backoff', 'starting', 'backoff', 'starting', 'backoff'])
  expect(states).not.toContain('ready')
})

const allReadyBut = (supervisor: Supervisor, model: string): Promise<boolean> =>
  waitUntil(
    () => supervisor.replicas().every((replica) => replica.model === model || replica.state === 'ready'),
    { what: 'the others are ready', timeoutMs: 20_000 },
  )

test('a worker that is not ready in time is killed', async () => {
  const { supervisor } = await supervise([matMulModel()], { startLimitMs: 5 })
  await waitUntil(() => supervisor.replicas()[0]!.restarts === 1, { what: 'it was restarted' })
  expect(supervisor.replicas()[0]!.lastExit).toMatchObject({ signal: 'SIGKILL' })
})

test('stopping leaves no process and no file, even where a worker hangs', async () => {
  // The sound worker must be able to end by itself within it, on a busy machine too.
  const { supervisor, runDir, changes } = await supervise([matMulModel(), loopModel()], { graceMs: 2_000 })
  await allReady(supervisor)
  const pids = supervisor.replicas().map(({ pid }) => pid!)
  await hang(supervisor.replicas()[1]!)
  await supervisor.stop()
  expect(pids.filter(isRunning)).toEqual([])
  expect(await readdir(runDir)).toEqual([])
  expect(supervisor.replicas().map(({ state, lastExit }) => [state, lastExit])).toEqual([
    ['stopped', { code: 0, signal: null }],
    ['stopped', { code: null, signal: 'SIGKILL' }],
  ])
  expect(changes.at(-1)!.state).toBe('stopped')
})

test('workers go with a supervisor that is killed, and the next one removes what is left', async () => {
  const runDir = await tempDir()
  const onnx = await modelFile(loopModel())
  // A pipe would stay open as long as a worker holds it.
  const silent = ['ignore', 'ignore', 'ignore', 'ipc'] as const
  const { child, ended } = startNode('test/fixtures/supervise.ts', [onnx, runDir], silent)
  const replicas = new Map<number, Replica>()
  child.on('message', (replica: Replica) => replicas.set(replica.index, replica))
  await waitUntil(
    () => replicas.size === 2 && [...replicas.values()].every(({ state }) => state === 'ready'),
    {
      what: 'both replicas are ready',
      timeoutMs: 20_000,
    },
  )
  const [idle, busy] = [replicas.get(0)!, replicas.get(1)!]
  onTestFinished(() => {
    if (isRunning(busy.pid!)) process.kill(busy.pid!, 'SIGKILL')
  })
  await hang(busy)
  child.kill('SIGKILL')
  await ended
  await waitUntil(() => !isRunning(idle.pid!), { what: 'the idle worker is gone' })
  expect(isRunning(busy.pid!)).toBe(true)
  expect(await readdir(runDir)).toHaveLength(1)

  const next = await createSupervisor({ models: [], runDir, logger: quietLogger })
  await waitUntil(() => !isRunning(busy.pid!), { what: 'the hanging worker is gone' })
  await next.stop()
  expect(await readdir(runDir)).toEqual([])
})
