import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, promisify } from 'node:util'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { countsOf } from '../../fixtures/labels.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { startRewardedLoad } from '../../fixtures/rewarded-load.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

/** `bandit checkpoint` and what it prints. */
const checkpointOf = (config: string, store: string) => async (command: string) => {
  const args = ['checkpoint', command, `--config=${config}`, `--store=${store}`]
  return (await run(process.execPath, [main, ...args])).stdout
}

test('a Redis that is flushed under load has all that was acknowledged again, older than the journal too, once', async () => {
  const store = await newStore.redis()
  const more = { checkpoint: { every: '1s', keep: 2 }, journal_keep: '2s' }
  const config = await digitsConfig({ models: ['logistic', 'tree'], from: 'reward', more })
  const checkpoint = checkpointOf(config, store)
  // A new store is settled at once, without waiting whether somebody has a checkpoint.
  expect(await checkpoint('forget')).toBe('digits: what the store has is all there is\n')
  const gateway = runGateway({ config, store, tmp: await tempDir() })
  const origin = await gateway.ready()
  const { labels, load } = await startRewardedLoad(origin)
  const from = labels.labelled.length
  // Then what came first is in no journal any more.
  await sleep(4500)
  expect(labels.labelled.length).toBeGreaterThan(from)

  const redis = new Redis(store)
  onTestFinished(() => redis.disconnect())
  await redis.flushall()
  const flushedAt = labels.labelled.length
  await waitUntil(() => gateway.log().find(({ msg }) => msg.includes('was given back')), {
    what: 'the checkpoint is given back',
    timeoutMs: 10_000,
  })
  const restoredAt = labels.labelled.length
  await waitUntil(() => labels.labelled.length > restoredAt + 50, { what: 'rewards flow', timeoutMs: 10_000 })
  await load.stop()

  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  const { labelled } = labels
  expect(labelled.filter(({ status }) => status !== 200 && status !== 202)).toEqual([])
  expect(flushedAt).toBeGreaterThan(60)
  const all = countsOf(labelled)
  const isWhole = async () => isDeepStrictEqual(toCounts(await readSums(store)), all)
  await waitUntil(isWhole, { what: 'every reward is counted once', timeoutMs: 10_000 }).catch(() => undefined)
  expect(toCounts(await readSums(store))).toEqual(all)

  // What was sent again is a duplicate as before, as far as journals reach back.
  const caller = createCaller(origin)
  const last = labelled.slice(-20)
  for (const { line } of last)
    expect((await caller.feedback(line)).body).toMatchObject({ status: 'duplicate' })
  const body = await caller.metrics()
  expect(body).toMatch(/bandit_events_total\{kind="state_restored",endpoint="digits"\} 1/)
  expect(body).toMatch(/bandit_checkpoint_age_seconds\{endpoint="digits"\} \d/)
  const said = await checkpoint('show')
  expect(said).toMatch(/^digits: began .* with what was given back; \d+ rewarded predictions of 2 arms\n/)
  expect(said).toMatch(/digits: newest checkpoint of .* with \d+ rewarded predictions, one of 2\n$/)
  const files = await readdir(join(dirname(config), 'var', 'checkpoints'))
  expect(files.filter((name) => name.startsWith('digits.'))).toHaveLength(2)
})

test('a gateway that is stopped leaves a checkpoint, which an emptied Redis gets when it starts, with its secret', async () => {
  const store = await newStore.redis()
  const config = await digitsConfig({ models: ['tree'], from: 'reward' })
  const checkpoint = checkpointOf(config, store)
  await checkpoint('forget')
  const gateway = runGateway({ config, store, tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())
  const lines = await Promise.all(
    images.slice(0, 5).map(async ({ pixels }) => {
      const { body } = await caller.predict(pixels)
      return { prediction_id: body.prediction_id, reward: 1 }
    }),
  )
  for (const line of lines) await caller.feedback(line)
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
  expect(await checkpoint('show')).toMatch(/digits: newest checkpoint of .* with 5 rewarded predictions/)

  const redis = new Redis(store)
  onTestFinished(() => redis.disconnect())
  await redis.flushall()
  const next = runGateway({ config, store, tmp: await tempDir() })
  const again = createCaller(await next.ready())
  for (const line of lines) expect((await again.feedback(line)).body).toMatchObject({ status: 'duplicate' })
  expect((await again.arms()).get('tree')).toMatchObject({ pulls: 5, rewarded: 5 })
})
