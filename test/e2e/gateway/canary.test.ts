import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modelPath } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway, type GatewayRun } from '../../fixtures/gateway-run.ts'
import { unaryModel } from '../../fixtures/onnx-models.ts'
import { newStore, readPulls, readSums } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

interface Told {
  readonly event: {
    readonly kind: string
    readonly arm: string
    readonly facts: Readonly<Record<string, number | string>>
  }
}

const toldOf = (gateway: GatewayRun, about: string) =>
  gateway
    .log()
    .filter((line): line is typeof line & Told => 'event' in line)
    .filter(({ event }) => event.kind.startsWith(about))
    .map(({ event, msg }) => ({ arm: event.arm, facts: event.facts, detail: msg }))

/** One endpoint with an arm that does well and a canary on the file `model`. */
const start = async (model: string, steps: number) => {
  const config = join(await tempDir(), 'bandit.yaml')
  const endpoint = {
    arms: {
      logistic: { model: 'logistic' },
      fresh: { model: 'fresh', canary: { from: 0.1, to: 0.4, over: `${steps}s`, steps } },
    },
    guardrails: { error_rate: 0.1, min_requests: 10, window: '5s' },
    policy: { name: 'uniform' },
    reward: { from: 'reward', window: '10m' },
    deadline: '2s',
  }
  const models = { logistic: { onnx: modelPath('logistic') }, fresh: { onnx: model } }
  await writeFile(config, JSON.stringify({ models, endpoints: { digits: endpoint } }))
  const store = await newStore.sqlite()
  const tmp = await tempDir()
  const run = async () => {
    const gateway = runGateway({ config, store, tmp })
    return { gateway, origin: await gateway.ready() }
  }
  return { store, run }
}

const freshState = async (origin: string) => (await createCaller(origin).arms()).get('fresh')!.state

test('a canary whose model answers nonsense is rolled back by itself, for good, and no client notices', async () => {
  const model = join(await tempDir(), 'nonsense.onnx')
  // The logarithm of an empty pixel is no number.
  const shape = ['batch', 64]
  await writeFile(model, unaryModel('Log', { datatype: 'FP32', shape, input: 'pixels', output: 'label' }))
  const { store, run } = await start(model, 4)
  const { gateway, origin } = await run()
  const load = startLoad(origin)
  await waitUntil(() => toldOf(gateway, 'canary_rolled_back').length > 0, {
    what: 'it is rolled back',
    timeoutMs: 15_000,
  })
  const [told] = toldOf(gateway, 'canary_rolled_back')
  expect(told).toMatchObject({ arm: 'fresh', facts: { step: 1, steps: 4, rule: 'error_rate', limit: 0.1 } })
  expect(told!.detail).toMatch(/rolled back at step 1 of 4: (\d+) of \1 requests failed, at most 10 % may$/)
  expect(told!.facts['faults']).toBeLessThan(10)
  expect(await freshState(origin)).toBe('rolled_back')

  const from = load.answers.length
  await waitUntil(() => load.answers.length > from + 100, { what: 'traffic goes on' })
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(new Set(load.answers.map(({ body }) => body!.arm))).toEqual(new Set(['logistic']))
  expect(new Set(load.answers.slice(from).map(({ body }) => body!.decision.degraded))).toEqual(
    new Set([false]),
  )

  gateway.kill('SIGTERM')
  await gateway.exited
  expect(await readSums(store)).toEqual({})
  expect(Object.keys(readPulls(store))).toEqual(['logistic'])
  const again = await run()
  expect(await freshState(again.origin)).toBe('rolled_back')
  expect(toldOf(again.gateway, 'canary')).toEqual([])
}, 30_000)

test('a canary that keeps to its guardrails gets more step by step, and is through', async () => {
  const { run } = await start(modelPath('tree'), 3)
  const { gateway, origin } = await run()
  const load = startLoad(origin)
  await waitUntil(() => toldOf(gateway, 'canary_completed').length > 0, {
    what: 'it is through',
    timeoutMs: 15_000,
  })
  await load.stop()
  const steps = toldOf(gateway, 'canary_advanced').map(({ facts }) => facts['share'])
  expect(steps).toEqual([0.1, 0.2, 0.4].map((share) => expect.closeTo(share, 9)))
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(await freshState(origin)).toBe('active')
}, 30_000)
