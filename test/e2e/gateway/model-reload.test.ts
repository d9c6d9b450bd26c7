import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig, modelPath } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { identityModel } from '../../fixtures/onnx-models.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const poll = { models_poll: '20ms' }

test('versions come, go and turn out bad under the only arm, and not one request fails', async () => {
  const folder = join(await tempDir(), 'tree')
  const fileOf = (version: number) => join(folder, String(version), 'model.onnx')
  const put = async (version: number, model: 'tree' | 'logistic' | 'network') => {
    await mkdir(dirname(fileOf(version)), { recursive: true })
    await copyFile(modelPath(model), `${fileOf(version)}.new`)
    // Whole at once: a look in the middle of a copy finds a bad file, and says so.
    await rename(`${fileOf(version)}.new`, fileOf(version))
  }
  await put(1, 'tree')
  const config = await digitsConfig({ models: ['tree'], files: { tree: folder }, more: poll })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  const versionsNow = async () => (await caller.arms()).get('tree')!.replicas.map(({ version }) => version)
  const told = (kind: string) =>
    gateway.log().filter((line) => JSON.stringify(line).includes(`"kind":"${kind}"`))
  const serves = (version: string) =>
    waitUntil(async () => (await versionsNow()).join() === version, {
      what: `only version ${version} is left`,
      timeoutMs: 10_000,
    })
  expect(await versionsNow()).toEqual(['1'])
  const load = startLoad(origin)

  await put(2, 'network')
  await serves('2')
  await put(10, 'logistic')
  await serves('10')
  await waitUntil(() => told('model_reloaded').length === 2, { what: 'both are told' })
  expect(told('model_reloaded')[1]!.msg).toBe('model tree is served in version 10 in place of 2')

  await mkdir(dirname(fileOf(11)))
  await writeFile(fileOf(11), 'half a mod')
  await waitUntil(() => told('model_reload_failed').length === 1, { what: 'it is told', timeoutMs: 10_000 })
  await writeFile(fileOf(11), identityModel('FP32'))
  await waitUntil(() => told('model_reload_failed').length === 2, { what: 'it is told', timeoutMs: 10_000 })
  expect(told('model_reload_failed').map(({ msg }) => msg)).toEqual([
    expect.stringMatching(
      /^version 11 of model tree is not served, the one before it goes on: .*model\.onnx/,
    ),
    expect.stringContaining('input "pixels" is missing: give a model with other inputs a name'),
  ])
  await serves('10')

  // Whoever takes a version away goes back to the one before it.
  await rm(dirname(fileOf(11)), { recursive: true })
  await rm(dirname(fileOf(10)), { recursive: true })
  await serves('2')
  await waitUntil(() => told('model_reloaded').length === 3, { what: 'it is told' })
  await load.stop()
  expect(load.answers.length).toBeGreaterThan(100)
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  expect(metrics).toContain('bandit_model_version_info{model="tree",version="2"} 1')
  expect(metrics).not.toContain('version="10"')
  expect(metrics).toContain('bandit_model_reloads_total{model="tree",outcome="reloaded"} 3')
  expect(metrics).toContain('bandit_model_reloads_total{model="tree",outcome="refused"} 2')
  expect(told('worker_down')).toEqual([])
})

test('a file that another one is put in place of is served anew, and the same content is nothing new', async () => {
  const file = join(await tempDir(), 'tree.onnx')
  const put = async (model: 'tree' | 'logistic') => {
    await copyFile(modelPath(model), `${file}.new`)
    await rename(`${file}.new`, file)
  }
  await put('tree')
  const config = await digitsConfig({
    models: ['tree'],
    files: { tree: file },
    arm: { on_new_version: 'fresh' },
    more: poll,
  })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())
  const pixels = Array.from({ length: 64 }, (_, at) => at % 17)
  const answer = async () => JSON.stringify((await caller.predict(pixels)).body.outputs)
  const ofTree = await answer()
  const worker = gateway.workerOf('tree')
  const before = (await caller.arms()).get('tree')!
  const first = await caller.predict(pixels)
  expect(first.body.version).toBe(before.version)
  expect(before.version).toMatch(/^[0-9a-f]{12}$/)
  await put('tree')
  await put('logistic')
  await waitUntil(async () => (await answer()) !== ofTree, {
    what: 'the other model answers',
    timeoutMs: 10_000,
  })
  expect(gateway.workers()).toEqual([worker, gateway.workerOf('tree')])

  // A worker that comes back runs what was admitted, whatever has been written over it since.
  const ofLogistic = await answer()
  await writeFile(file, 'half a mod')
  process.kill(gateway.workerOf('tree')!, 'SIGKILL')
  await waitUntil(async () => gateway.workers().length === 3 && (await answer()) === ofLogistic, {
    what: 'it is back',
    timeoutMs: 10_000,
  })

  // Each version learns for itself, and the reward of an earlier answer goes where it was earned.
  await waitUntil(async () => (await caller.arms()).get('tree')!.version !== before.version, {
    what: 'the arm is at the next version',
  })
  expect((await caller.predict(pixels)).body.version).toBe((await caller.arms()).get('tree')!.version)
  const told = await caller.feedback({ prediction_id: first.body.prediction_id, label: 10 })
  expect(told.body.status).toBe('applied')
  await waitUntil(async () => (await caller.arms()).get('tree')!.rewarded === 1, {
    what: 'the reward is counted',
  })
  expect((await caller.arms()).get('tree')!.effective_rewards).toBe(0)
})

test('a gateway whose newest version cannot be loaded starts with the one before it', async () => {
  const folder = join(await tempDir(), 'tree')
  for (const version of [1, 2, 3, 4]) await mkdir(join(folder, String(version)), { recursive: true })
  const fileOf = (version: number) => join(folder, String(version), 'model.onnx')
  await copyFile(modelPath('logistic'), fileOf(1))
  await copyFile(modelPath('tree'), fileOf(2))
  await writeFile(fileOf(3), 'half a mod')
  await writeFile(fileOf(4), '')
  const config = await digitsConfig({ models: ['tree'], files: { tree: folder }, more: poll })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())
  expect((await caller.predict(Array.from({ length: 64 }, () => 1))).body.version).toBe('2')
  const told = gateway.log().filter((line) => JSON.stringify(line).includes('"model_reload_failed"'))
  expect(told.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^version 4 of model tree is not served, version 3 is: .*model\.onnx/),
    expect.stringMatching(/^version 3 of model tree is not served, version 2 is: .*model\.onnx/),
  ])
  // The bad one is left alone, and a good one in its place is served.
  await copyFile(modelPath('network'), `${fileOf(4)}.new`)
  await rename(`${fileOf(4)}.new`, fileOf(4))
  await waitUntil(async () => (await caller.arms()).get('tree')!.version === '4', {
    what: 'the mended version is served',
    timeoutMs: 10_000,
  })
})
