import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { images } from '../../fixtures/steady-load.ts'
import { modelPath } from '../../support/digits.ts'
import { findPython, type Python } from '../../support/find-python.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const script = join(import.meta.dirname, '../../fixtures/python/mlserver_model.py')

let python: Python
beforeAll(async () => {
  python = await findPython('mlserver', ['mlserver', 'mlserver-sklearn'])
  if ('reason' in python) console.log(`skipped MLServer: ${python.reason}`)
}, 300_000)

/** An MLServer with a scikit-learn model of the digits; resolves with its origin once it is ready. */
async function startMlServer(bin: string): Promise<string> {
  const dir = await tempDir()
  const ports = [await freePort(), await freePort(), await freePort()]
  await promisify(execFile)(join(bin, 'python'), [script, dir, ...ports.map(String)])
  const server = spawn(join(bin, 'mlserver'), ['start', dir], { cwd: dir, stdio: 'ignore' })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await ended
  })
  const origin = `http://127.0.0.1:${ports[0]}`
  const isReady = async () => (await fetch(`${origin}/v2/models/digits/ready`).catch(() => undefined))?.ok
  await waitUntil(async () => (await isReady()) === true, { what: 'MLServer is ready', timeoutMs: 60_000 })
  return origin
}

test("MLServer's scikit-learn model is an arm beside our own", async ({ skip }) => {
  if ('reason' in python) return skip(python.reason)
  const url = await startMlServer(python.bin)
  const config = join(await tempDir(), 'bandit.yaml')
  const text = {
    store: `sqlite:${await tempDir()}/bandit.db`,
    models: {
      tree: { onnx: modelPath('tree') },
      sklearn: {
        url,
        name: 'digits',
        inputs: { pixels: { datatype: 'FP32', shape: [-1, 64] } },
        outputs: { label: { datatype: 'INT64', shape: [-1, 1], as: 'predict' } },
      },
    },
    endpoints: {
      digits: {
        arms: { tree: { model: 'tree' }, sklearn: { model: 'sklearn' } },
        policy: { name: 'uniform' },
        reward: { from: 'label' },
        deadline: '5s',
      },
    },
  }
  await writeFile(config, JSON.stringify(text))
  const gateway = runGateway({ config, tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())

  const shown = images.slice(0, 60)
  const told = await Promise.all(shown.map(({ pixels }) => caller.predict(pixels)))
  expect(told.filter(({ status }) => status !== 200)).toEqual([])
  const lines = told.map(({ body }, at) => ({ prediction_id: body.prediction_id, label: shown[at]!.label }))
  expect((await caller.feedbackLines(lines)).body.counts).toEqual({ applied: 60 })

  // Its nearest neighbour is the very image: what it answers is what that shows.
  const far = told.flatMap(({ body }, at) => (body.arm === 'sklearn' ? [{ body, at }] : []))
  expect(far.length).toBeGreaterThan(10)
  expect(far.map(({ body }) => Number(body.outputs.label.flat()[0]))).toEqual(
    far.map(({ at }) => shown[at]!.label),
  )
  const sklearn = async () => (await caller.arms()).get('sklearn')!
  await waitUntil(async () => (await sklearn()).rewarded === far.length, { what: 'its labels are shown' })
  expect(await sklearn()).toMatchObject({ state: 'active', replicas: [{ state: 'up' }] })
}, 180_000)
