import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unaryModel } from '../fixtures/onnx-models.ts'
import { modelPath } from '../support/digits.ts'
import { waitUntil } from '../support/wait-until.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy, medianAndMost } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { sumsOf } from './bench/views.ts'

const nonsense: Scenario = {
  id: 'A7',
  does: 'serves a model that answers NaN to some inputs',
  expects: 'another arm answers; the fault is counted, never a reward; alone 502',
  async run(bench) {
    const onnx = await bench.file('log.onnx', unaryModel('Log', { datatype: 'FP32' }))
    const sound = await bench.file('sound.onnx', unaryModel('Identity', { datatype: 'FP32' }))
    const endpoint = (arms: object) => ({ arms, policy: { name: 'uniform' } })
    const gateway = await bench.gateway({
      config: {
        models: { log: { onnx }, sound: { onnx: sound } },
        endpoints: {
          both: endpoint({ log: { model: 'log' }, sound: { model: 'sound' } }),
          alone: endpoint({ log: { model: 'log' } }),
        },
      },
    })
    const sums = sumsOf(gateway)
    const body = { inputs: { x: [[-1, 1]] } }
    const answers = await Promise.all(Array.from({ length: 100 }, () => gateway.post('/predict/both', body)))
    const arms = countBy(answers, (each) => `${each.status} ${(each.body as { arm?: string }).arm}`)
    demand(arms === '100 × 200 sound', arms)
    const faults = await gateway.metric(
      'bandit_arm_failures_total{endpoint="both",arm="log",fault="bad_output"}',
    )
    demand(Number(faults) > 0, `${faults} faults are counted`)
    demand(sumsOf(gateway) === sums, 'the statistics moved')
    const { status, body: problem } = await gateway.post('/predict/alone', body)
    const { code } = problem as { readonly code: string }
    demand(status === 502, `alone it answered ${status} ${code}`)
    return `${arms}; ${faults} faults counted; alone ${status} ${code}`
  },
}

const allDead: Scenario = {
  id: 'A11',
  alone: true,
  does: 'kills the workers of all arms, and keeps them from starting for a while',
  expects:
    '503 within 50 ms (half of them; all within 250) with Retry-After 1 to 5; not ready within 1 s; back by itself within 2 s of the first arm',
  async run(bench) {
    const tree = join(await bench.dir(), 'tree.onnx')
    await copyFile(modelPath('tree'), tree)
    const gateway = await bench.gateway({
      config: digits({ models: ['tree'], files: { tree }, replicas: 2 }),
    })
    const pids = gateway.process.workers()
    await writeFile(tree, 'half a mod')
    const killedAt = performance.now()
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    const unready = async () => (await gateway.call('/readyz')).status === 503
    await waitUntil(unready, { what: 'it is not ready' })
    const unreadyMs = performance.now() - killedAt
    const refused = []
    for (let asked = 0; asked < 50; asked++) refused.push(await gateway.post(predictPath, imageBody(asked)))
    const after = refused.map(({ headers }) => Number(headers['retry-after']))
    const [median, slowest] = medianAndMost(refused.map(({ ms }) => ms))
    demand(
      refused.every(({ status }) => status === 503),
      countBy(refused, ({ status }) => status),
    )
    demand(
      median <= 50 && slowest <= 250,
      `refusals took ${median.toFixed(1)}, at most ${slowest.toFixed(1)} ms`,
    )
    demand(
      after.every((seconds) => seconds >= 1 && seconds <= 5),
      `Retry-After ${[...new Set(after)].join(' ')}`,
    )
    demand(unreadyMs <= 1000, `it was not ready after ${Math.round(unreadyMs)} ms`)
    await copyFile(modelPath('tree'), tree)
    await waitUntil(() => gateway.process.workers().length > pids.length, {
      what: 'a worker is back',
      timeoutMs: 20_000,
    })
    const workerAt = performance.now()
    await waitUntil(async () => (await gateway.post(predictPath, imageBody(0))).status === 200, {
      what: 'it answers again',
    })
    const backMs = performance.now() - workerAt
    demand(backMs <= 2000, `it answered ${Math.round(backMs)} ms after its worker was up`)
    const waits = [...new Set(after)].sort((a, b) => a - b).join(', ')
    return `not ready after ${Math.round(unreadyMs)} ms; 50 × 503 in ${median.toFixed(1)}, at most ${slowest.toFixed(1)} ms, Retry-After ${waits}; back ${Math.round(backMs)} ms after its worker`
  },
}

const committee: Scenario = {
  id: 'A12',
  alone: true,
  does: 'stops one member of an ensemble of three, then a second one',
  expects:
    'answers from two at the deadline of 50 ms, weights summing to 1, the member named; below the quorum 503',
  async run(bench) {
    const models = ['logistic', 'forest', 'network'] as const
    const gateway = await bench.gateway({
      config: digits({
        models,
        endpoint: {
          arms: {
            all: {
              ensemble: models,
              combine: 'mean',
              argmax: { output: 'label', over: 'probabilities' },
              quorum: 2,
              deadline: '50ms',
            },
          },
        },
      }),
    })
    const ask = () => gateway.post(predictPath, imageBody(0))
    type Member = { readonly model: string; readonly status: string; readonly weight: number }
    const membersOf = (body: unknown) =>
      (body as { decision: { members: readonly Member[] } }).decision.members
    await waitUntil(async () => (await ask()).status === 200, { what: 'it answers' })
    const freeze = (model: string) => process.kill(gateway.process.workerOf(model)!, 'SIGSTOP')
    freeze('forest')
    const first = await ask()
    demand(first.status === 200, `answered ${first.status} with one member stopped`)
    const members = membersOf(first.body)
    const said = members
      .map(({ model, status, weight }) => `${model} ${status} ${weight.toFixed(2)}`)
      .join(', ')
    const total = members.reduce((sum, { weight }) => sum + weight, 0)
    demand(Math.abs(total - 1) < 1e-9 && said.includes('forest late 0.00'), said)
    demand(first.ms <= 300, `it took ${Math.round(first.ms)} ms`)
    freeze('network')
    const second = await ask()
    demand(second.status === 503 || second.status === 504, `answered ${second.status} below its quorum`)
    return `200 in ${Math.round(first.ms)} ms: ${said}; with two stopped ${second.status}`
  },
}

/** Arms, and members of them, that have no answer to give. */
export const outages: readonly Scenario[] = [nonsense, allDead, committee]
