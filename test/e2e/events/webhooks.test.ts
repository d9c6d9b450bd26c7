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

const receive = join(import.meta.dirname, '..', '..', '..', 'examples', 'webhooks', 'receive.ts')
const HOOK_SECRET = `whsec_${btoa('a'.repeat(32))}`

const start = async (url: string, env: Readonly<Record<string, string>> = { HOOK_SECRET }) => {
  const config = await digitsConfig({ models: ['logistic', 'forest'] })
  const events = { webhooks: [{ name: 'hook', url, secret_env: 'HOOK_SECRET' }] }
  await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(config, 'utf8')), events }))
  return runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir(), env })
}

/** The receiver of the example, in a process of its own. */
const startExample = async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [receive, String(port)], { env: { ...process.env, HOOK_SECRET } })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  await waitUntil(() => out.includes('waiting'), { what: 'the receiver listens' })
  const kinds = () => out.split('\n').flatMap((line) => /"type":"bandit\.(\w+)"/.exec(line)?.[1] ?? [])
  return { url: `http://127.0.0.1:${port}/events`, kinds }
}

test('a worker that is killed is told to the receiver of the example, which knows who told it', async () => {
  const receiver = await startExample()
  const gateway = await start(receiver.url)
  const origin = await gateway.ready()
  // What goes and comes back between two looks, a second apart, was not seen.
  await waitUntil(async () => (await fetch(`${origin}/metrics`)).ok, { what: 'it serves' })
  process.kill(gateway.workerOf('forest')!, 'SIGSTOP')
  process.kill(gateway.workerOf('forest')!, 'SIGKILL')
  await waitUntil(() => receiver.kinds().includes('worker_restarted'), {
    what: 'the restart is told',
    timeoutMs: 15_000,
  })
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  expect(metrics).toMatch(/bandit_webhook_deliveries_total\{webhook="hook",outcome="delivered"\} [1-9]/)
  expect(metrics).toContain('bandit_events_total{kind="worker_restarted",endpoint=""} 1')
})

test('a receiver that answers nothing holds up neither requests nor the stop', async () => {
  const receiver = await startReceiver(() => 'silence')
  const gateway = await start(`${receiver.origin}/planted-token`)
  await gateway.ready()
  process.kill(gateway.workerOf('forest')!, 'SIGKILL')
  await waitUntil(() => receiver.received.length > 0, { what: 'an event is sent', timeoutMs: 15_000 })
  const askedAt = performance.now()
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(9000)
  const told = gateway.log().filter(({ msg }) => msg === 'an event did not arrive')
  expect(told.length).toBeGreaterThan(0)
  expect(JSON.stringify(gateway.log())).not.toContain('planted-token')
})

test('a webhook that leads to the credentials of the cloud is refused at the start', async () => {
  const gateway = await start('https://169.254.169.254/latest')
  expect(await gateway.exited).not.toBe(0)
  await gateway.closed
  expect(gateway.stderr()).toContain('nobody may call')
})

test('a gateway without the secret does not start, and says which variable to set', async () => {
  const gateway = await start('https://hooks.example.com', { HOOK_SECRET: '' })
  expect(await gateway.exited).not.toBe(0)
  await gateway.closed
  expect(gateway.stderr()).toContain('HOOK_SECRET')
})
