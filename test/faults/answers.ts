import { unaryModel } from '../fixtures/onnx-models.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { answerJson, type Behaviour, startFarServer, well } from './bench/far-server.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf, sumsOf } from './bench/views.ts'

const endless: Behaviour = (response) => {
  const chunk = Buffer.alloc(2 ** 20, 0x20)
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  more()
}

/** With a status of 200, each. */
const nonsense: readonly (readonly [what: string, behaviour: Behaviour])[] = [
  ['text', (response) => void response.writeHead(200).end('an apology')],
  ['half of an object', (response) => void response.writeHead(200).end('{"model_name":"m","outp')],
  ['no outputs', (response) => answerJson(response, { model_name: 'm', outputs: [] })],
  [
    'another shape',
    (response) =>
      answerJson(response, {
        model_name: 'm',
        outputs: [{ name: 'y', datatype: 'FP32', shape: [7], data: [1, 2, 3, 4, 5, 6, 7] }],
      }),
  ],
  [
    'fewer numbers than it says',
    (response, rows) =>
      answerJson(response, {
        model_name: 'm',
        outputs: [{ name: 'y', datatype: 'FP32', shape: [rows, 2], data: [1] }],
      }),
  ],
  ['without end', endless],
]

const path = '/predict/both'
const body = { inputs: { x: [[1, 2]] } }

/** An endpoint with a server elsewhere and a model of our own, which get the same share. */
async function start(bench: Bench, url: string, deadline: string): Promise<BenchGateway> {
  const onnx = await bench.file('sound.onnx', unaryModel('Identity', { datatype: 'FP32' }))
  const far = { url, name: 'm' }
  return bench.gateway({
    config: {
      models: { far, sound: { onnx } },
      endpoints: {
        both: {
          arms: { far: { model: 'far' }, sound: { model: 'sound' } },
          policy: { name: 'uniform' },
          deadline,
        },
        alone: { arms: { far: { model: 'far' } }, deadline },
      },
    },
  })
}

const bad: Scenario = {
  id: 'A7b',
  does: 'lets a server answer 200 with text, half an object, another shape, too few numbers, or without end',
  expects:
    'another arm answers; the fault is counted, never a reward; alone 502 or 503, and no word of the server',
  async run(bench) {
    const server = await startFarServer(bench)
    const gateway = await start(bench, server.url, '5s')
    const sums = sumsOf(gateway)
    const alone = new Set<number>()
    for (const [at, [what, behaviour]] of nonsense.entries()) {
      server.behaviour = behaviour
      const { status, body: problem } = await gateway.post('/predict/alone', body)
      const { code } = problem as { readonly code: string }
      demand(status === 503 || status === 502, `${what}: alone it answered ${status} ${code}`)
      alone.add(status)
      const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.post(path, body)))
      const arms = countBy(answers, (each) => `${each.status} ${(each.body as { arm?: string }).arm}`)
      demand(arms === '20 × 200 sound', `${what}: ${arms}`)
      const counted = 'bandit_arm_failures_total{endpoint="alone",arm="far",fault="bad_output"}'
      const faults = await gateway.metric(counted)
      demand(faults === at + 1, `${what}: ${faults} faults are counted of ${at + 1}`)
    }
    demand(sumsOf(gateway) === sums, 'the statistics moved')
    return `${nonsense.length} kinds: 20 × 200 by the other arm each; alone ${[...alone].join(', ')}`
  },
}

const slow: Scenario = {
  id: 'A8',
  byHand: true,
  does: 'makes one arm take 500 ms longer than the other, within its deadline and then beyond it',
  expects:
    'within it keeps its share and no breaker opens; beyond it each overrun is a fault, the other arm answers, and only so many are tried as can be paid for',
  async run(bench) {
    const server = await startFarServer(bench)
    server.behaviour = (response, rows) => void setTimeout(() => well(response, rows), 500)
    const patient = await start(bench, server.url, '20s')
    const load = bench.load(patient.origin, { path, body: () => body, perSecond: 40 })
    await new Promise((resolve) => setTimeout(resolve, 5000))
    await load.stop()
    const statuses = countBy(load.answers, ({ status }) => status)
    demand(
      load.answers.every(({ status }) => status === 200),
      `within its deadline: ${statuses}`,
    )
    const share = load.answers.filter(({ arm }) => arm === 'far').length / load.answers.length
    // Five deviations of a fair coin thrown 200 times.
    demand(Math.abs(share - 0.5) < 0.18, `its share is ${share.toFixed(2)}`)
    const resting = await patient.metric('bandit_replica_state{model="far",replica="0",state="resting"}')
    demand(resting === 0, 'its breaker opened')
    const { state } = (await armsOf(patient, 'both')).get('far')!
    demand(state === 'active', `it is ${state}`)

    const hasty = await start(bench, server.url, '800ms')
    let calls = 0
    server.behaviour = (response, rows) => {
      calls++
      setTimeout(() => well(response, rows), 500)
    }
    const answers = []
    for (let asked = 0; asked < 60; asked++) answers.push(await hasty.post(path, body))
    const arms = countBy(answers, (each) => `${each.status} ${(each.body as { arm?: string }).arm}`)
    demand(arms === '60 × 200 sound', `beyond its deadline: ${arms}`)
    const late = await hasty.metric('bandit_arm_failures_total{endpoint="both",arm="far",fault="timeout"}')
    demand(Number(late) > 0 && calls <= 0.2 * 60 + 3, `${late} faults and ${calls} calls`)
    return `share ${share.toFixed(2)} of ${load.answers.length}, no breaker; beyond its deadline ${arms}, ${calls} calls of it`
  },
}

export const answers: readonly Scenario[] = [bad, slow]
