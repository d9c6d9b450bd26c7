import { onTestFinished, expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { countsOf } from '../../fixtures/labels.ts'
import { readSums, toCounts } from '../../fixtures/real-stores.ts'
import { startRewardedLoad } from '../../fixtures/rewarded-load.ts'
import { images, startLoad } from '../../fixtures/steady-load.ts'
import { freePort } from '../../support/free-port.ts'
import { startRedis } from '../../support/start-redis.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const durable = ['--appendonly', 'yes', '--appendfsync', 'always']

test('with Redis killed and no journal predictions go on, feedback is refused, and everything counts once when it is back', async () => {
  const dir = await tempDir()
  const redis = await startRedis({ dir, args: durable })
  onTestFinished(() => redis.stop())
  const config = await digitsConfig({ models: ['logistic', 'tree'], from: 'reward' })
  const gateway = runGateway({ config, store: redis.url, tmp: await tempDir(), args: ['--journal=off'] })
  const origin = await gateway.ready()
  const { labels, load } = await startRewardedLoad(origin)

  process.kill(redis.pid, 'SIGKILL')
  await redis.stop()
  const killedFrom = load.answers.length
  const sinceKill = () => load.answers.slice(killedFrom)
  const degraded = await waitUntil(() => sinceKill().find(({ body }) => body?.decision.degraded), {
    what: 'predictions say that they are degraded',
    timeoutMs: 15_000,
  })
  expect(degraded.endedAt - sinceKill()[0]!.sentAt).toBeGreaterThan(4_000)

  const again = await startRedis({ dir, args: durable, port: redis.port })
  onTestFinished(() => again.stop())
  const backFrom = load.answers.length
  await waitUntil(() => load.answers.slice(backFrom).some(({ body }) => body?.decision.degraded === false), {
    what: 'predictions are no longer degraded',
    timeoutMs: 15_000,
  })
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])

  const { labelled } = labels
  const refused = labelled.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(50)
  expect(new Set(refused.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['1']))
  expect(labelled.filter(({ status }) => status !== 200 && status !== 503)).toEqual([])

  const caller = createCaller(origin)
  // So many at once may find Redis busy; who is told 503 sends it again.
  const sayAgain = (line: object) =>
    waitUntil(
      async () => {
        const { status, body } = await caller.feedback(line)
        return status === 503 ? undefined : body.status
      },
      { what: 'feedback is taken', timeoutMs: 15_000 },
    )
  const statuses = await Promise.all(
    labelled.map(async ({ line, status }) => [status, await sayAgain(line)] as const),
  )
  expect(statuses.filter(([before, now]) => before === 200 && now !== 'duplicate')).toEqual([])
  expect(statuses.filter(([, now]) => now !== 'duplicate' && now !== 'applied')).toEqual([])
  expect(toCounts(await readSums(redis.url))).toEqual(countsOf(labelled))
  // A machine with much to do has more to tell, but not of the store.
  const about = gateway
    .log()
    .filter(({ level, msg }) => (level === 'warn' || level === 'error') && /store/.test(msg))
  expect(about.length).toBeLessThanOrEqual(3)
})

test('a frozen Redis holds up no prediction for long, and labels of those count when it is back', async () => {
  const redis = await startRedis()
  onTestFinished(async () => {
    process.kill(redis.pid, 'SIGCONT')
    await redis.stop()
  })
  // True labels are compared with outputs that the store keeps: every prediction wants to be written.
  const config = await digitsConfig({ models: ['logistic', 'tree'], from: 'label' })
  const gateway = runGateway({ config, store: redis.url, tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  const load = startLoad(origin, { connections: 32 })
  await waitUntil(() => load.answers.length > 30, { what: 'answers come', timeoutMs: 20_000 })

  process.kill(redis.pid, 'SIGSTOP')
  const frozenFrom = load.answers.length
  const frozen = () => load.answers.slice(frozenFrom)
  await waitUntil(() => frozen().length >= 250, { what: 'predictions go on', timeoutMs: 15_000 })
  const { body, label } = frozen().at(-1)!
  const kept = await caller.feedback({ prediction_id: body!.prediction_id, label })
  expect([kept.status, kept.body]).toEqual([202, { status: 'journalled' }])
  process.kill(redis.pid, 'SIGCONT')
  await load.stop()

  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(load.answers.filter(({ body: one }) => one!.decision.recorded === false)).toEqual([])
  // A command without an answer is given up after 250 ms.
  expect(Math.max(...frozen().map(({ sentAt, endedAt }) => endedAt - sentAt))).toBeLessThan(2_000)
  const lines = frozen().map(({ body: one, label: digit }) => ({
    prediction_id: one!.prediction_id,
    label: digit,
  }))
  const learned = async () => (await caller.feedbackLines(lines)).body.counts['duplicate'] === lines.length
  await waitUntil(learned, { what: 'every label counts', intervalMs: 200 })
})

test('without Redis at the start a gateway says so and ends, unless it has keys of its own', async () => {
  const config = await digitsConfig({ models: ['logistic'], from: 'reward' })
  const options = { config, store: `redis://127.0.0.1:${await freePort()}`, tmp: await tempDir() }
  const without = runGateway(options)
  expect(await without.exited).toBe(1)
  await without.closed
  expect(without.stderr()).toMatch(/^bandit: Redis does not answer \(.*\).* set BANDIT_SIGNING_KEYS .*\n$/)
  expect(without.workers()).toEqual([])

  const keys = { BANDIT_SIGNING_KEYS: '1:a-secret-of-this-test-with-32-characters-and-more' }
  const caller = createCaller(await runGateway({ ...options, env: keys }).ready())
  const { status, body } = await caller.predict(images[0]!.pixels)
  expect(status).toBe(200)
  expect(body.decision.degraded).toBe(true)
  const feedback = await caller.feedback({ prediction_id: body.prediction_id, reward: 1 })
  expect([feedback.status, feedback.body]).toEqual([202, { status: 'journalled' }])
})
