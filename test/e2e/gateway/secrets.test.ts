import { randomBytes, randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apiKeyHash, createApiKey } from '../../../gateway/security/keys/api-key.ts'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { startOtlpReceiver } from '../../fixtures/otlp-receiver.ts'
import { startReceiver } from '../../fixtures/webhook-receiver.ts'
import { images } from '../../fixtures/steady-load.ts'
import { startRedis } from '../../support/start-redis.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const newSecret = () => randomBytes(24).toString('base64url')

test('no secret is in any log, metric, answer, page or trace, whatever goes wrong', async () => {
  const key = createApiKey(randomInt)
  const unknownKey = createApiKey(randomInt)
  const signing = newSecret()
  const password = newSecret()
  const [hookToken, hookPath, farToken] = [newSecret(), newSecret(), newSecret()]
  const hookSecret = `whsec_${randomBytes(32).toString('base64')}`
  const redis = await startRedis({ args: ['--requirepass', password] })
  onTestFinished(() => redis.stop())
  const collector = await startOtlpReceiver()
  const dir = await tempDir()
  const passwordFile = join(dir, 'password')
  await writeFile(passwordFile, `${password}\n`)
  // What is sent there fails in every way, so that each is logged; the second is there to be left out.
  const receiver = await startReceiver((_got, count) => (count > 1 ? { status: 403 } : { status: 500 }))
  const hook = { secret_env: 'HOOK_SECRET', headers_env: { authorization: 'HOOK_TOKEN' }, timeout: '200ms' }
  const far = await startReceiver(() => ({ status: 500 }))
  const scopes = ['predict', 'feedback', 'observe', 'metrics', 'admin']
  const config = await digitsConfig({
    models: ['logistic'],
    more: {
      journal: join(dir, 'journal.db'),
      telemetry: { sample: 1 },
      events: {
        webhooks: [
          { name: 'there', url: `${receiver.origin}/${hookPath}`, ...hook },
          { name: 'nowhere', url: `http://127.0.0.1:1/${hookPath}`, ...hook },
        ],
      },
    },
  })
  // A server elsewhere, as a shadow, which fails as well.
  const written = JSON.parse(await readFile(config, 'utf8'))
  const tensor = { datatype: 'FP32', shape: [-1, 64], at: '/x' }
  written.models.far = {
    url: far.origin,
    protocol: 'json',
    headers_env: { authorization: 'FAR_TOKEN' },
    inputs: { pixels: tensor },
    outputs: { label: { ...tensor, datatype: 'INT64', shape: [-1] } },
  }
  written.endpoints.digits.shadow = [{ arm: 'far', share: 1 }]
  await writeFile(config, JSON.stringify(written))
  const gateway = runGateway({
    config,
    store: redis.url,
    tmp: dir,
    env: {
      ...collector.env,
      BANDIT_SIGNING_KEYS: `1:${signing}`,
      BANDIT_API_KEYS: JSON.stringify([{ name: 'all', sha256: apiKeyHash(key), scopes }]),
      BANDIT_REDIS_PASSWORD_FILE: passwordFile,
      HOOK_SECRET: hookSecret,
      HOOK_TOKEN: hookToken,
      FAR_TOKEN: farToken,
    },
    args: ['--log-level=trace'],
  })
  const origin = await gateway.ready()
  const seen: string[] = []
  const ask = async (path: string, { bearer = key, ...init }: RequestInit & { bearer?: string } = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
    const answer = await fetch(`${origin}${path}`, { ...init, headers })
    const text = await answer.text()
    seen.push(JSON.stringify([...answer.headers]), text)
    return { status: answer.status, text }
  }
  const post = (path: string, body: unknown, more = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), ...more })

  const inputs = { pixels: [images[0]!.pixels] }
  const predicted = await post('/predict/digits', { inputs, id: 'order-1', key: 'user-1' })
  expect(predicted.status).toBe(200)
  const { prediction_id: id } = JSON.parse(predicted.text) as { prediction_id: string }
  expect((await post('/feedback', { prediction_id: id, label: 0 })).status).toBe(200)
  // The key where it does not belong, and everything else that may be repeated in an answer.
  expect((await ask('/metrics', { bearer: unknownKey })).status).toBe(401)
  expect((await ask('/metrics', { bearer: `${key}x` })).status).toBe(401)
  expect((await post('/predict/digits', { inputs: {} }, { bearer: unknownKey })).status).toBe(401)
  expect((await post('/feedback', { prediction_id: `${id}x`, label: 0 })).status).toBe(403)
  expect((await ask('/nowhere')).status).toBe(404)
  for (const path of ['/endpoints', '/endpoints/digits', '/console/data', '/console', '/readyz'])
    expect((await ask(path)).status).toBe(200)
  await redis.stop()
  expect((await post('/feedback', { prediction_id: id, label: 1 })).status).toBe(202)
  expect((await post('/predict/digits', { inputs })).status).toBe(200)
  expect((await ask('/metrics')).text).toContain('bandit_access_total{key="all",outcome="allowed"}')
  await waitUntil(() => receiver.received.length > 1, { what: 'an event is sent again', timeoutMs: 15_000 })
  expect(receiver.received[0]).toMatchObject({ path: `/${hookPath}`, headers: { authorization: hookToken } })
  await waitUntil(() => far.received.length > 0, { what: 'the model elsewhere is asked' })
  expect(far.received[0]!.headers.authorization).toBe(farToken)
  await waitUntil(() => collector.spans.length > 5, { what: 'spans have arrived' })
  gateway.kill('SIGTERM')
  await gateway.closed

  const logged = gateway.log().map((line) => JSON.stringify(line))
  expect(logged.some((line) => line.includes('"caller":"all"'))).toBe(true)
  for (const webhook of ['there', 'nowhere'])
    expect(logged.join('\n')).toMatch(new RegExp(`"webhook":"${webhook}".*an event did not arrive`))
  const everything = [
    ...seen,
    ...logged,
    gateway.stderr(),
    ...receiver.received.map(({ body }) => body),
    JSON.stringify([collector.spans, collector.events]),
  ].join('\n')
  // Enough of each to make the rest guessable is too much of it.
  for (const secret of [key, unknownKey, signing, password, hookSecret, hookToken, hookPath, farToken]) {
    for (let at = 7; at + 12 <= secret.length; at += 6)
      expect(everything).not.toContain(secret.slice(at, at + 12))
  }
})

test('a password that is wrong ends the start, and neither the right nor the wrong one is told', async () => {
  const [right, wrong] = [newSecret(), newSecret()]
  const redis = await startRedis({ args: ['--requirepass', right] })
  onTestFinished(() => redis.stop())
  const config = await digitsConfig({ models: ['logistic'], more: { journal: 'off' } })
  const env = { BANDIT_REDIS_PASSWORD: wrong }
  const gateway = runGateway({
    config,
    store: redis.url,
    tmp: await tempDir(),
    env,
    args: ['--log-level=trace'],
  })
  expect(await gateway.exited).toBe(1)
  await gateway.closed
  const written = JSON.stringify(gateway.log()) + gateway.stderr()
  expect(written).toMatch(/this Redis refuses user or password/)
  expect(written).not.toContain(wrong)
  expect(written).not.toContain(right)
})
