import { existsSync } from 'node:fs'
import { glob, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway, type GatewayRun } from '../../fixtures/gateway-run.ts'
import { isRunning } from '../../fixtures/processes.ts'
import { newStore, readPulls } from '../../fixtures/real-stores.ts'
import { images, startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** A gateway with one model whose worker is frozen, so that what it is asked stays in flight. */
const startFrozen = async (asked: number) => {
  const store = await newStore.sqlite()
  const tmp = await tempDir()
  const config = await digitsConfig({ models: ['logistic'], deadline: '30s' })
  const gateway = runGateway({ config, store, tmp })
  const origin = await gateway.ready()
  const worker = gateway.workerOf('logistic')!
  process.kill(worker, 'SIGSTOP')
  const caller = createCaller(origin, asked)
  const inFlight = images.slice(0, asked).map(({ pixels }) => caller.predict(pixels))
  const settled = Promise.allSettled(inFlight)
  await waitUntil(async () => (await metric(origin, 'bandit_requests_in_flight')) > asked, {
    what: 'all requests are in flight',
  })
  return { gateway, store, tmp, worker, settled }
}

/** Its own request for the figure is one of those in flight. */
const metric = async (origin: string, name: string): Promise<number> => {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

test('SIGTERM answers what is in flight, writes the pulls and leaves nothing behind', async () => {
  const { gateway, store, tmp, worker, settled } = await startFrozen(20)
  gateway.kill('SIGTERM')
  await waitUntil(() => gateway.log().some(({ msg }) => msg === 'stopping'), { what: 'it stops' })
  process.kill(worker, 'SIGCONT')

  const replies = await settled
  expect(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : reply.reason))).toEqual(
    replies.map(() => 200),
  )
  expect(await gateway.exited).toBe(0)
  expect(gateway.workers().filter(isRunning)).toEqual([])
  expect(await readdir(tmp)).toEqual([])
  const path = store.slice('sqlite:'.length)
  expect([`${path}-wal`, `${path}-shm`].filter(existsSync)).toEqual([])
  expect(readPulls(store)).toEqual({ logistic: 20 })
})

test.each([
  { how: 'SIGTERM', stop: (gateway: GatewayRun) => gateway.kill('SIGTERM') },
  { how: 'Ctrl-C, which its workers get too,', stop: (gateway: GatewayRun) => gateway.interrupt() },
])('$how under load counts exactly what was answered, and answers nobody with an error', async ({ stop }) => {
  const store = await newStore.sqlite()
  const tmp = await tempDir()
  const config = await digitsConfig({ models: ['logistic', 'tree'] })
  const gateway = runGateway({ config, store, tmp })
  const load = startLoad(await gateway.ready(), { perSecond: 200 })
  await waitUntil(() => load.answers.length > 200, { what: 'answers come', timeoutMs: 20_000 })
  stop(gateway)
  expect(await gateway.exited).toBe(0)
  await load.stop()

  const answered = load.answers.filter(({ status }) => status === 200)
  // Whoever comes too late finds no connection, and is not among the pulls.
  const errors = load.answers.filter(({ status }) => typeof status === 'number' && status !== 200)
  expect(errors).toEqual([])
  const pulls = Object.values(readPulls(store)).reduce((sum, count) => sum + count, 0)
  expect(pulls).toBe(answered.length)
  expect(await readdir(tmp)).toEqual([])
})

test('a second SIGTERM does not wait for anybody', async () => {
  const { gateway, worker, settled } = await startFrozen(3)
  gateway.kill('SIGTERM')
  await waitUntil(() => gateway.log().some(({ msg }) => msg === 'stopping'), { what: 'it stops' })
  const asked = performance.now()
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(130)
  expect(performance.now() - asked).toBeLessThan(3_000)
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  // A frozen process cannot notice that it is alone; it does as soon as it can.
  process.kill(worker, 'SIGCONT')
  await waitUntil(() => !isRunning(worker), { what: 'the worker has left' })
})

test('SIGTERM while models are still loading ends the start', async () => {
  const tmp = await tempDir()
  const config = await digitsConfig({ models: ['logistic', 'forest', 'boosting', 'network'] })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp })
  const workers = await waitUntil(
    async () => {
      const files = await Array.fromAsync(glob('*/*.pid', { cwd: tmp }))
      const pids = await Promise.all(
        files.map(async (file) => Number(await readFile(join(tmp, file), 'utf8'))),
      )
      return pids.length === 4 && pids.every((pid) => pid > 0) && pids
    },
    { what: 'the workers are started', timeoutMs: 20_000 },
  )
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
  expect(gateway.log().map(({ msg }) => msg)).not.toContain('ready')
  expect(workers.filter(isRunning)).toEqual([])
  expect(await readdir(tmp)).toEqual([])
})
