import { loopModel, unaryModel } from '../fixtures/onnx-models.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy, type Load, quantileMs } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf, exitsOf, sumsOf } from './bench/views.ts'

const load = (bench: Bench, { origin }: BenchGateway, perSecond = 100): Load =>
  bench.load(origin, { path: predictPath, body: imageBody, perSecond })

const some = (load: Load, count = 30): Promise<true> =>
  waitUntil(() => load.answers.length >= count, { what: 'answers come', timeoutMs: 20_000 })

function demandAllAnswered({ answers }: Load): void {
  const statuses = countBy(answers, ({ status }) => status)
  demand(
    answers.every(({ status }) => status === 200),
    `not all were answered: ${statuses}`,
  )
}

/** Milliseconds until another worker of the model is ready. */
async function replacedMs(gateway: BenchGateway, model: string, before: number): Promise<number> {
  const from = performance.now()
  await waitUntil(() => gateway.process.workerOf(model) !== before, {
    what: `the worker of ${model} is replaced`,
    timeoutMs: 20_000,
    intervalMs: 5,
  })
  return performance.now() - from
}

const crash: Scenario = {
  id: 'A1',
  shownBy: 'test/e2e/gateway/worker-killed.test.ts',
  does: 'kills a worker by SIGSEGV under 200 requests a second, with another arm and without one',
  expects:
    'with another arm no request fails and no statistics move; alone 503 with Retry-After; back within 2 s',
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['logistic', 'network'] }) })
    const both = load(bench, gateway, 200)
    await some(both)
    const sums = sumsOf(gateway)
    const before = gateway.process.workerOf('network')!
    process.kill(before, 'SIGSEGV')
    const backMs = await replacedMs(gateway, 'network', before)
    await both.stop()
    demandAllAnswered(both)
    demand(sumsOf(gateway) === sums, 'the statistics moved without feedback')
    const counted = await gateway.metric('bandit_worker_exits_total{model="network",signal="SIGSEGV"}')
    demand(counted === 1, `bandit_worker_exits_total{signal="SIGSEGV"} is ${counted}`)
    demand(backMs < 2000, `the worker was back after ${Math.round(backMs)} ms`)

    const lonely = await bench.gateway({ config: digits({ models: ['logistic'] }) })
    const alone = load(bench, lonely, 200)
    await some(alone)
    process.kill(lonely.process.workerOf('logistic')!, 'SIGSEGV')
    await waitUntil(() => alone.answers.some(({ status }) => status !== 200), { what: 'one fails' })
    await waitUntil(() => alone.answers.at(-1)!.status === 200, { what: 'it is back', timeoutMs: 10_000 })
    await alone.stop()
    const failed = alone.answers.filter(({ status }) => status !== 200)
    const said = countBy(failed, ({ status, retryAfter }) => `${status} Retry-After ${retryAfter}`)
    demand(
      failed.every(({ status, retryAfter }) => status === 503 && retryAfter !== undefined),
      said,
    )
    return `${both.answers.length} answers, all 200, back after ${Math.round(backMs)} ms; alone ${said}`
  },
}

const frozen: Scenario = {
  id: 'A4',
  shownBy: 'test/e2e/gateway/worker-stopped.test.ts',
  does: 'stops a worker with SIGSTOP under 50 requests a second',
  expects: 'every answer within the deadline of 1 s, all 200; the worker killed and replaced within 5 s',
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['logistic', 'network'] }) })
    const running = load(bench, gateway, 50)
    await some(running)
    const before = gateway.process.workerOf('network')!
    const from = running.answers.length
    process.kill(before, 'SIGSTOP')
    const backMs = await replacedMs(gateway, 'network', before)
    await running.stop()
    demandAllAnswered(running)
    const during = running.answers.slice(from)
    const slowest = quantileMs(during, 1)
    demand(slowest <= 1100, `an answer took ${Math.round(slowest)} ms`)
    // The deadline of the arm is half of that of the endpoint; from there on it is judged by its probes.
    demand(backMs <= 5000, `it was replaced after ${Math.round(backMs)} ms`)
    return `${running.answers.length} answers, all 200, slowest ${Math.round(slowest)} ms; replaced after ${Math.round(backMs)} ms`
  },
}

const pause: Scenario = {
  id: 'A4b',
  byHand: true,
  does: 'stops the only worker for 1.2 s, with a deadline of 2 s, under 20 requests a second',
  expects: 'every request waits and is answered: there is nobody else to leave time for',
  async run(bench) {
    const gateway = await bench.gateway({
      config: digits({
        models: ['logistic'],
        endpoint: { deadline: '2s' },
        more: { overload: { loop_delay: '10s' } },
      }),
    })
    const running = load(bench, gateway, 20)
    await some(running)
    const worker = gateway.process.workerOf('logistic')!
    process.kill(worker, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    process.kill(worker, 'SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await running.stop()
    demandAllAnswered(running)
    const slowest = quantileMs(running.answers, 1)
    demand(slowest >= 1000, `nobody waited: the slowest answer took ${Math.round(slowest)} ms`)
    return `${running.answers.length} answers, all 200, slowest ${Math.round(slowest)} ms`
  },
}

const loop: Scenario = {
  id: 'A5',
  waits: true,
  does: 'lets a model run into an endless loop three times within a minute',
  expects:
    'every caller is answered by the other arm within 1 s; SIGKILL each time; then the arm is quarantined and the endpoint serves on',
  async run(bench) {
    const shape = { datatype: 'INT64', shape: [], input: 'n', output: 'total' } as const
    const gateway = await bench.gateway({
      config: {
        models: {
          looping: { onnx: await bench.file('loop.onnx', loopModel()) },
          steady: { onnx: await bench.file('steady.onnx', unaryModel('Identity', shape)) },
        },
        endpoints: {
          sums: {
            arms: { looping: { model: 'looping' }, steady: { model: 'steady' } },
            policy: { name: 'uniform' },
            deadline: '1s',
          },
        },
      },
    })
    const endless = '{"inputs":{"n":1000000000000000000}}'
    let slowest = 0
    for (let kills = 1; kills <= 3; kills++) {
      await waitUntil(async () => (await armsOf(gateway, 'sums')).get('looping')!.state === 'active', {
        what: `the looping arm is active before kill ${kills}`,
        timeoutMs: 15_000,
      })
      await waitUntil(
        async () => {
          const { status, body, ms } = await gateway.post('/predict/sums', endless)
          demand(status === 200, `answered ${status} ${JSON.stringify(body)}`)
          slowest = Math.max(slowest, ms)
          return (await armsOf(gateway, 'sums')).get('looping')!.state !== 'active'
        },
        { what: 'the looping arm is masked', timeoutMs: 10_000 },
      )
      await waitUntil(() => exitsOf(gateway, 'looping').length >= kills, {
        what: 'it is killed',
        timeoutMs: 10_000,
      })
    }
    const [replica] = (await armsOf(gateway, 'sums')).get('looping')!.replicas
    demand(replica!.state === 'quarantined', `after three kills its replica is ${replica!.state}`)
    demand((await gateway.call('/readyz')).status === 200, 'the gateway is not ready')
    demand(slowest <= 1100, `an answer took ${Math.round(slowest)} ms`)
    return `3 kills, slowest answer ${Math.round(slowest)} ms, replica quarantined, ready`
  },
}

const corrupt: Scenario = {
  id: 'A6',
  waits: true,
  does: 'starts with one model whose file is broken',
  expects:
    'starts and serves with the other; at most 5 tries within a minute, then quarantined with one a minute',
  async run(bench) {
    const files = { tree: await bench.file('tree.onnx', 'half a mod') }
    const gateway = await bench.gateway({ config: digits({ models: ['logistic', 'tree'], files }) })
    const running = load(bench, gateway, 50)
    await waitUntil(async () => (await armsOf(gateway)).get('tree')!.replicas[0]!.state === 'quarantined', {
      what: 'the broken model is quarantined',
      timeoutMs: 30_000,
    })
    const tries = exitsOf(gateway, 'tree').length
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const later = exitsOf(gateway, 'tree').length
    await running.stop()
    demandAllAnswered(running)
    demand(tries === 5 && later === 5, `${tries} tries before the quarantine, ${later} three seconds after`)
    return `${running.answers.length} answers, all 200; ${tries} tries, then quarantined`
  },
}

export const workers: readonly Scenario[] = [crash, frozen, pause, loop, corrupt]
