import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uniformSource } from '../bandit/support/random-source.ts'
import { modelPath } from '../support/digits.ts'
import { waitUntil } from '../support/wait-until.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const count = 60

/** The file with some of its bytes changed, left out or said twice. */
function mutate(file: Buffer, random: () => number): Buffer {
  const at = () => Math.floor(random() * file.length)
  const changes = 1 + Math.floor(random() * 8)
  let mutant = Buffer.from(file)
  for (let change = 0; change < changes; change++) {
    const from = at()
    const length = 1 + Math.floor(random() * 16)
    const kind = random()
    if (kind < 0.6) mutant[Math.min(from, mutant.length - 1)] = Math.floor(random() * 256)
    else if (kind < 0.8) mutant = Buffer.concat([mutant.subarray(0, from), mutant.subarray(from + length)])
    else mutant = Buffer.concat([mutant.subarray(0, from + length), mutant.subarray(from)])
  }
  return mutant
}

const mutants: Scenario = {
  id: 'G7',
  does: `puts ${count} mutations of its file in the place of one of two models, under 20 requests a second`,
  expects: 'workers may die, the gateway does not; each is refused or served, and not one request fails',
  byHand: true,
  limitMs: 900_000,
  async run(bench) {
    const random = uniformSource(7)
    const whole = readFileSync(modelPath('logistic'))
    const file = join(await bench.dir(), 'logistic.onnx')
    await writeFile(file, whole)
    const gateway = await bench.gateway({
      config: digits({
        models: ['logistic', 'tree'],
        files: { logistic: file },
        endpoint: { deadline: '20s' },
        more: { models_poll: '20ms', overload: { loop_delay: '10s' } },
      }),
    })
    const load = bench.load(gateway.origin, { path: predictPath, body: imageBody, perSecond: 20 })
    const counted = async (outcome: string) =>
      (await gateway.metric(`bandit_model_reloads_total{model="logistic",outcome="${outcome}"}`)) ?? 0
    for (let n = 1; n <= count; n++) {
      await writeFile(`${file}.new`, mutate(whole, random))
      await rename(`${file}.new`, file)
      await waitUntil(async () => (await counted('reloaded')) + (await counted('refused')) >= n, {
        what: `mutation ${n} is served or refused`,
        timeoutMs: 30_000,
      })
    }
    await load.stop()
    const statuses = countBy(load.answers, ({ status }) => status)
    demand(
      load.answers.every(({ status }) => status === 200),
      `${statuses} over ${count} mutations`,
    )
    const faults = await gateway.metric(
      'bandit_arm_failures_total{endpoint="digits",arm="logistic",fault="bad_output"}',
    )
    return `${await counted('refused')} refused, ${await counted('reloaded')} served, ${faults ?? 0} of their answers were none; ${statuses}`
  },
}

export const mutations: readonly Scenario[] = [mutants]
