import { dirname, join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { countsOf, labelSender, type Labelled } from '../../fixtures/labels.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { startRewardedLoad } from '../../fixtures/rewarded-load.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { startRedis } from '../../support/start-redis.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
const acknowledged = ({ status }: Labelled) => status === 200 || status === 202

/** What the store must hold: everything acknowledged, once; and of what got no answer, whatever came through. */
const expectExact = async (url: string, labelled: readonly Labelled[]) => {
  const wanted = countsOf(labelled.filter(acknowledged))
  await waitUntil(
    async () => JSON.stringify(sorted(toCounts(await readSums(url)))) === JSON.stringify(sorted(wanted)),
    { what: `the store holds ${JSON.stringify(wanted)}`, timeoutMs: 10_000, intervalMs: 100 },
  )
}
const sorted = (counts: object) => Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1))

test('with Redis killed feedback is journalled, the gateway may be killed too, and all of it counts once', async () => {
  const dir = await tempDir()
  const redis = await startRedis({ dir, args: durable })
  onTestFinished(() => redis.stop())
  const options = {
    config: await digitsConfig({ models: ['logistic', 'tree'], from: 'reward' }),
    store: redis.url,
    tmp: await tempDir(),
    env: { BANDIT_SIGNING_KEYS: '1:a-secret-of-this-test-with-32-characters-and-more' },
  }
  const gateway = runGateway(options)
  const origin = await gateway.ready()
  const { labels, load } = await startRewardedLoad(origin)
  process.kill(redis.pid, 'SIGKILL')
  await redis.stop()
  const journalled = () => labels.labelled.filter(({ status }) => status === 202)
  await waitUntil(() => journalled().length >= 60, { what: 'rewards are journalled', timeoutMs: 15_000 })
  gateway.kill('SIGKILL')
  await gateway.exited
  await load.stop()
  const statuses = new Set(labels.labelled.map(({ status }) => status))
  expect([...statuses].filter((status) => ![200, 202, undefined].includes(status))).toEqual([])

  // It starts without its store and takes what nobody had acknowledged; nothing has arrived yet.
  const second = runGateway(options)
  const secondOrigin = await second.ready()
  const caller = createCaller(secondOrigin)
  const open = labels.labelled.filter((each) => !acknowledged(each))
  const now = await Promise.all(open.map(async ({ line }) => (await caller.feedback(line)).status))
  expect(new Set([...now, 202])).toEqual(new Set([202]))
  const again = await startRedis({ dir, args: durable, port: redis.port })
  onTestFinished(() => again.stop())
  await expectExact(
    redis.url,
    labels.labelled.map((each) => ({ ...each, status: 200 })),
  )
  const told = () => second.log().map(({ msg }) => msg)
  await waitUntil(() => told().includes('the store has the feedback that was journalled'), {
    what: 'the log tells that nothing waits any more',
  })
  const text = await (await fetch(`${secondOrigin}/metrics`)).text()
  expect(text).toMatch(/^bandit_journal_entries\{state="unsettled"\} 0$/m)
  expect(text).toMatch(/^bandit_journal_replayed_total\{outcome="applied"\} \d+$/m)
  const replies = await Promise.all(labels.labelled.map(({ line }) => caller.feedback(line)))
  expect(new Set(replies.map(({ body }) => body.status))).toEqual(new Set(['duplicate']))
})

describe.each(['reward', 'label'] as const)('Redis that comes back empty, with feedback by %s', (from) => {
  test('is given every acknowledged reward of the last minutes again', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const config = await digitsConfig({ models: ['logistic', 'tree'], from })
    const gateway = runGateway({ config, store: redis.url, tmp: await tempDir() })
    const origin = await gateway.ready()
    const labels = labelSender(createCaller(origin), from)
    const load = startLoad(origin, { perSecond: 150, onAnswer: labels.send })
    await waitUntil(() => labels.acknowledged().length >= 150, { what: 'feedback flows', timeoutMs: 20_000 })
    process.kill(redis.pid, 'SIGKILL')
    await redis.stop()
    const again = await startRedis({ port: redis.port })
    onTestFinished(() => again.stop())
    const before = labels.labelled.length
    await waitUntil(() => labels.acknowledged().length >= before + 100, {
      what: 'feedback flows again',
      timeoutMs: 15_000,
    })
    await load.stop()
    // A label whose outputs were lost with the store is unknown; those of an outage wait in the journal.
    const counted =
      from === 'reward' ? labels.labelled : labels.labelled.filter(({ status }) => status === 200)
    if (from === 'reward') expect(counted.filter((each) => !acknowledged(each))).toEqual([])
    await waitUntil(() => gateway.log().some(({ msg }) => msg === 'the store has the last feedback again'), {
      what: 'the last feedback is there again',
    })
    if (from === 'reward') await expectExact(redis.url, counted)
    const caller = createCaller(origin)
    const replies = await Promise.all(counted.map(({ line }) => caller.feedback(line)))
    expect(new Set(replies.map(({ body }) => body.status))).toEqual(new Set(['duplicate']))
  })
})

test('a batch is journalled line by line, and the gateway can be stopped with all of it waiting', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const config = await digitsConfig({ models: ['logistic'], from: 'reward' })
  const gateway = runGateway({ config, store: redis.url, tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  const load = startLoad(origin)
  await waitUntil(() => load.answers.length >= 20, { what: 'answers come', timeoutMs: 20_000 })
  await load.stop()
  const lines = load.answers
    .slice(0, 20)
    .map(({ body }) => ({ prediction_id: body!.prediction_id, reward: 1 }))
  process.kill(redis.pid, 'SIGKILL')
  await redis.stop()
  const reply = await caller.feedbackLines([...lines, { prediction_id: 'nonsense', reward: 1 }])
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({
    counts: { journalled: 20, forged: 1 },
    refused: [{ line: 21, code: 'forged_prediction_id' }],
  })
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
})

describe('a gateway does not start', () => {
  const start = async (prepare: (path: string) => Promise<void>) => {
    const config = await digitsConfig({ models: ['logistic'] })
    const path = join(dirname(config), 'var', 'journal.db')
    await mkdir(dirname(path))
    await prepare(path)
    const store = await newStore.redis()
    return { config, store, tmp: await tempDir() }
  }

  test('with the journal of another one', async () => {
    const options = await start(async () => undefined)
    const first = runGateway(options)
    await first.ready()
    const second = runGateway(options)
    expect(await second.exited).toBe(1)
    await second.closed
    expect(second.stderr()).toMatch(
      /^bandit: .*another process is holding it.*a journal of its own.*--journal/,
    )
    expect(second.workers()).toEqual([])
    first.kill('SIGKILL')
    await first.exited
    await runGateway(options).ready()
  })

  test('with a journal that is damaged', async () => {
    const options = await start((path) => writeFile(path, 'this has never been a database '.repeat(200)))
    const gateway = runGateway(options)
    expect(await gateway.exited).toBe(1)
    await gateway.closed
    expect(gateway.stderr()).toMatch(/^bandit: .*journal\.db: the file is no SQLite database/)
    expect(await runGateway({ ...options, args: ['--journal=off'] }).ready()).toMatch(/^http/)
  })
})
