import { copyFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identityModel } from '../fixtures/onnx-models.ts'
import { modelPath } from '../support/digits.ts'
import { waitUntil } from '../support/wait-until.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy, medianAndMost } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const times = 100

const reloads: Scenario = {
  id: 'A10',
  does: `puts another model in place of the only one ${times} times under 50 requests a second, and then one that is corrupt, one that is cut off and one with other inputs`,
  expects: 'not one request fails; the three are told as events and change nothing',
  byHand: true,
  limitMs: 600_000,
  async run(bench) {
    const file = join(await bench.dir(), 'model.onnx')
    const put = async (change: (path: string) => Promise<void>) => {
      await change(`${file}.new`)
      await rename(`${file}.new`, file)
    }
    const copyOf = (n: number) => (path: string) =>
      copyFile(modelPath(n % 2 === 0 ? 'tree' : 'logistic'), path)
    await put(copyOf(0))
    // What is refused for want of time, on a busy machine, is another matter.
    const gateway = await bench.gateway({
      config: digits({
        models: ['tree'],
        files: { tree: file },
        endpoint: { deadline: '20s' },
        more: { models_poll: '20ms', overload: { loop_delay: '10s' } },
      }),
    })
    const load = bench.load(gateway.origin, { path: predictPath, body: imageBody, perSecond: 50 })
    const counted = async (outcome: string) =>
      (await gateway.metric(`bandit_model_reloads_total{model="tree",outcome="${outcome}"}`)) ?? 0
    const tookMs: number[] = []
    for (let n = 1; n <= times; n++) {
      const from = performance.now()
      await put(copyOf(n))
      await waitUntil(async () => (await counted('reloaded')) >= n, {
        what: `version ${n} is served`,
        timeoutMs: 20_000,
      })
      tookMs.push(performance.now() - from)
    }
    const bad: readonly ((path: string) => Promise<void>)[] = [
      (path) => writeFile(path, 'not a model'),
      async (path) => {
        await copyFile(modelPath('logistic'), path)
        await truncate(path, 1000)
      },
      (path) => writeFile(path, identityModel('FP32')),
    ]
    for (const [at, change] of bad.entries()) {
      await put(change)
      await waitUntil(async () => (await counted('refused')) > at, {
        what: `bad file ${at + 1} is refused`,
        timeoutMs: 20_000,
      })
    }
    await load.stop()
    const failed = load.answers.filter(({ status }) => status !== 200)
    const codes = countBy(
      failed,
      ({ status, body }) => `${status} ${(body as { code?: string } | undefined)?.code}`,
    )
    const told = gateway.process.log().filter(({ msg }) => msg.startsWith('replica is'))
    demand(
      failed.length === 0,
      `of ${load.answers.length} were not answered: ${codes}; ${countBy(told, ({ msg }) => msg)}`,
    )
    demand((await counted('reloaded')) === times, `${await counted('reloaded')} versions were put in place`)
    const [median, most] = medianAndMost(tookMs).map(Math.round)
    return `${times} reloads, each ${median}, at most ${most} ms; 3 refused; all ${load.answers.length} requests answered`
  },
}

export const reloading: readonly Scenario[] = [reloads]
