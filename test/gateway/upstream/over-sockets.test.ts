import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createReplicaClient } from '../../../gateway/upstream/replicas/client.ts'
import { createModelArm } from '../../../gateway/upstream/model-arm.ts'
import { createModelUpstream } from '../../../gateway/upstream/model-upstream.ts'
import { elementsToJson } from '../../../model-workers/protocol/json.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { rows } from './fixtures/fake-replica.ts'
import { type OipServer, startOipServer } from './fixtures/oip-server.ts'

/** The whole way: an arm, its queue, connections, and servers on Unix sockets; on the real clock. */
async function startAll(servers: readonly OipServer[], stuck: number[] = []) {
  const batches: number[] = []
  const upstream = createModelUpstream({
    name: 'sums',
    maxBatch: 32,
    queueLimit: 128,
    createClient: (address) => createReplicaClient({ model: 'sums', address }),
    metrics: {
      finished: () => undefined,
      batched: (_, rows) => batches.push(rows),
      queued: () => undefined,
      retried: () => undefined,
    },
    replicaStuck: (index) => stuck.push(index),
  })
  onTestFinished(() => upstream.close())
  await Promise.all(servers.map(({ socket }, index) => upstream.replicaReady({ index, socket })))
  const arm = createModelArm({ name: 'summing', upstream, deadlineMs: 60_000 })
  const call = async (value: number, timeoutMs = 2_000): Promise<unknown> => {
    const pairs = Array.from({ length: 1 + (value % 3) }, (_, i) => [value, i] as const)
    const { outputs } = await arm.infer(rows(...pairs), performance.now() + timeoutMs)
    return elementsToJson(outputs[0]!)
  }
  return { upstream, arm, call, batches }
}

const answerTo = (value: number): number[] => Array.from({ length: 1 + (value % 3) }, (_, i) => value + i)

/** `callers` in a row each make `each` calls; answers how many went wrong. */
async function load(
  call: (value: number) => Promise<unknown>,
  callers: number,
  each: number,
): Promise<number> {
  let wrong = 0
  const caller = async (first: number): Promise<void> => {
    for (let i = 0; i < each; i++) {
      const value = first * each + i
      const answer = await call(value).catch((error: unknown) => error)
      if (JSON.stringify(answer) !== JSON.stringify(answerTo(value))) wrong++
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, i) => caller(i)))
  return wrong
}

test('64 callers at once each get their own answers, in batches', async () => {
  const { call, batches } = await startAll([await startOipServer()])
  expect(await load(call, 64, 20)).toBe(0)
  expect(batches.length).toBeLessThan(640)
  expect(Math.max(...batches)).toBeLessThanOrEqual(32)
})

test('nobody notices that one of two replicas dies', async () => {
  const servers = [await startOipServer(), await startOipServer()]
  const { call } = await startAll(servers)
  const loaded = load(call, 16, 100)
  await waitUntil(() => servers[0]!.requests.length > 20, { what: 'both replicas are at work' })
  await servers[0]!.kill()
  expect(await loaded).toBe(0)
})

test('one of two replicas that hangs costs one call, and is asked again when it is well', async () => {
  const servers = [await startOipServer(), await startOipServer()]
  const { call } = await startAll(servers)
  let held = 0
  servers[0]!.misbehave = () => void held++
  servers[0]!.ready = false
  expect(await load((value) => call(value, 300), 8, 50)).toBe(1)
  expect(held).toBe(1)
  servers[0]!.misbehave = undefined
  servers[0]!.ready = true
  const before = servers[0]!.requests.length
  await sleep(600)
  await load(call, 8, 20)
  expect(servers[0]!.requests.slice(before).some((request) => request.startsWith('POST'))).toBe(true)
})

test('with every replica dead a call fails long before its deadline, and the arm is masked', async () => {
  const server = await startOipServer()
  const { call, arm } = await startAll([server])
  await call(1)
  await server.kill()
  const startedAt = performance.now()
  await expect(call(2)).rejects.toMatchObject({ code: 'unreachable', model: 'sums' })
  expect(performance.now() - startedAt).toBeLessThan(1_000)
  expect(arm.available()).toBe(false)
  await expect(call(3)).rejects.toMatchObject({ code: 'unreachable' })
})

test('a call ends at its deadline, and never before', async () => {
  const server = await startOipServer()
  const { call } = await startAll([server])
  server.misbehave = () => undefined
  for (const timeoutMs of [20, 50]) {
    const startedAt = performance.now()
    await expect(call(1, timeoutMs)).rejects.toMatchObject({ code: 'timeout' })
    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThanOrEqual(timeoutMs)
    expect(tookMs).toBeLessThan(timeoutMs + 250)
    await sleep(20)
  }
})
