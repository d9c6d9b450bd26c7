import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { identityModel } from '../../fixtures/onnx-models.ts'
import { findPython, type Python } from '../../support/find-python.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const script = join(import.meta.dirname, '../../fixtures/python/feast_repo.py')

let python: Python
beforeAll(async () => {
  python = await findPython('feast', ['feast'], { isLarge: true })
  if ('reason' in python) console.log(`skipped Feast: ${python.reason}`)
}, 600_000)

/** `feast serve` over a repository of three drivers; resolves once it serves. */
async function startFeast(bin: string) {
  const dir = await tempDir()
  const env = { ...process.env, FEAST_USAGE: 'False' }
  await promisify(execFile)(join(bin, 'python'), [script, dir], { env })
  const port = await freePort()
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--no-access-log']
  // Its server is a process of its own.
  const server = spawn(join(bin, 'feast'), args, { cwd: dir, env, stdio: 'ignore', detached: true })
  const ended = once(server, 'exit')
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid!, 'SIGKILL')
    await ended
  }
  onTestFinished(stop)
  const url = `http://127.0.0.1:${port}`
  const isUp = async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok === true
  await waitUntil(isUp, { what: 'feast serve is up', timeoutMs: 60_000 })
  return { url, stop }
}

interface Answer {
  readonly outputs: { readonly y: readonly number[][] }
  readonly features?: { readonly missing: object; readonly unavailable: object }
}

/** A model that answers what it is given, so that what was fetched is seen. */
const startGateway = async (url: string) => {
  const dir = await tempDir()
  await writeFile(join(dir, 'same.onnx'), identityModel('FP32', ['batch', 4]))
  const values = {
    rate: { type: 'number', from: 'stats:rate', default: -1 },
    trips: { type: 'number', from: 'stats:trips', default: -2 },
    name: { type: 'text', from: 'stats:name' },
  }
  const steps = [
    { columns: ['hour', 'rate', 'trips'] },
    { columns: ['name'], steps: [{ one_hot: ['Björn'] }] },
  ]
  const config = {
    store: `sqlite:${dir}/bandit.db`,
    models: { same: { onnx: 'same.onnx' } },
    endpoints: {
      rides: {
        arms: { same: { model: 'same' } },
        features: { drivers: { feast: url, entities: { driver_id: 'driver' }, timeout: '5s', values } },
        preprocess: { tensors: { x: steps } },
        deadline: '10s',
      },
    },
  }
  await writeFile(join(dir, 'bandit.yaml'), JSON.stringify(config))
  const gateway = runGateway({ config: join(dir, 'bandit.yaml'), tmp: await tempDir() })
  const origin = await gateway.ready()
  return async (inputs: object): Promise<Answer> => {
    const response = await fetch(`${origin}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    })
    expect(response.status).toBe(200)
    return (await response.json()) as Answer
  }
}

test('features of feast serve are what the model gets, and defaults where it knows nothing or is away', async ({
  skip,
}) => {
  if ('reason' in python) return skip(python.reason)
  const feast = await startFeast(python.bin)
  const ask = await startGateway(feast.url)
  const known = await ask({ driver: [1001, 1002, 1003, 7], hour: 9 })
  expect(known.outputs.y).toEqual([
    [9, 0.5, 12, 0],
    [9, 0.75, 7, 1],
    [9, -1, 3, 0],
    [9, -1, -2, 0],
  ])
  expect(known.features).toEqual({
    missing: { rate: 2, trips: 1, name: 1 },
    unavailable: {},
  })
  await feast.stop()
  const alone = await ask({ driver: [1001], hour: 9 })
  expect(alone.outputs.y).toEqual([[9, -1, -2, 0]])
  expect(alone.features!.unavailable).toEqual({ drivers: 'unavailable' })
}, 240_000)
