import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startReceiver } from '../../fixtures/webhook-receiver.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const main = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts')
const secret = `whsec_${btoa('planted'.repeat(5))}`
/** As it was set, and as it is written within an Authorization header. */
const planted = /planted|cGxhbnRlZ/i

test('with every secret planted, every line is JSON, and no line has one', async () => {
  const hook = await startReceiver(() => ({ status: 503 }))
  const config = await digitsConfig({ models: ['logistic'] })
  const events = {
    webhooks: [
      {
        name: 'hook',
        url: `${hook.origin}/planted-token`,
        secret_env: 'HOOK_SECRET',
        headers_env: { authorization: 'HOOK_AUTH' },
      },
    ],
  }
  const log = { access_sample: 1 }
  await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(config, 'utf8')), events, log }))
  const gateway = runGateway({
    config,
    // Away, so that what cannot reach it says so.
    store: `redis://127.0.0.1:${await freePort()}`,
    tmp: await tempDir(),
    args: ['--log-level=debug'],
    env: {
      BANDIT_SIGNING_KEYS: `1:${'planted-key-'.repeat(4)}`,
      BANDIT_REDIS_PASSWORD: 'planted-password',
      HOOK_SECRET: secret,
      HOOK_AUTH: 'Bearer planted-header',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=planted-collector',
      OTEL_TRACES_SAMPLER_ARG: '1',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  })
  const origin = await gateway.ready()
  const headers = {
    'content-type': 'application/json',
    authorization: `Basic ${btoa('planted:planted')}`,
    cookie: 'session=planted',
    'x-api-key': 'planted',
  }
  const ask = async (path: string, body: string) =>
    (await fetch(`${origin}${path}`, { method: 'POST', headers, body })).status
  const statuses = [
    await ask('/predict/digits?token=planted', '{"inputs": {"pixels": ["planted"]}, "key": "planted"}'),
    await ask('/predict/digits', '{"planted": '),
    await ask('/feedback', '{"prediction_id": "planted", "label": "planted"}'),
    await ask('/feedback', '{"endpoint": "digits", "id": "planted", "label": 7}'),
  ]
  expect(Math.min(...statuses)).toBeGreaterThanOrEqual(200)
  await fetch(`${origin}/${'x'.repeat(8000)}`)
  process.kill(gateway.workerOf('logistic')!, 'SIGKILL')
  await waitUntil(() => gateway.log().some(({ msg }) => /did not arrive/.test(msg)), {
    what: 'the webhook fails',
    timeoutMs: 15_000,
  })
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
  await gateway.closed

  const lines = gateway.log()
  expect(lines.map(({ msg }) => msg)).toContain('request')
  expect(lines.map(({ msg }) => msg).join('\n')).toMatch(/the store is away/)
  for (const line of lines) {
    expect(line).toMatchObject({
      level: expect.any(String),
      time: expect.any(String),
      msg: expect.any(String),
    })
    expect(JSON.stringify(line)).not.toMatch(planted)
  }
  for (const line of gateway.stderr().trim().split('\n').filter(Boolean)) {
    expect(JSON.parse(line)).toHaveProperty('level')
    expect(line).not.toMatch(planted)
  }
  const longest = lines.filter((line) => JSON.stringify(line).includes('xxx')) as unknown as {
    path: string
  }[]
  expect(longest.map(({ path }) => path.length)).toEqual([257])
  const requests = lines.filter(({ msg }) => msg === 'request')
  for (const line of requests) expect(line).toHaveProperty('trace_id')
})

test('on a terminal the log is for people, and Ctrl-C ends it', async () => {
  const config = await digitsConfig({ models: ['logistic'] })
  const store = await newStore.sqlite()
  const command = `${process.execPath} ${main} serve --config=${config} --listen=127.0.0.1:0 --store=${store}`
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: { ...process.env, TMPDIR: await tempDir(), TERM: 'xterm', BANDIT_SIGNING_KEYS: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text))
  await waitUntil(() => screen.includes('Ask digits:'), { what: 'it says how to call it', timeoutMs: 30_000 })
  expect(screen).toContain('\u001b[32mINFO\u001b[39m')
  expect(screen).not.toMatch(/^\{"level"/m)
  child.stdin.write('\u0003')
  await exited
  expect(screen).toMatch(/INFO.*: .*stopping/)
})
