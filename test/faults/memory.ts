import { readFileSync } from 'node:fs'
import { growingModel } from '../fixtures/onnx-models.ts'
import { waitUntil } from '../support/wait-until.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** Each request makes the worker keep some more. */
const step = 200_000
const perSecond = 15
const limitMib = 200

const residentMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

const growing: Scenario = {
  id: 'A9',
  waits: true,
  does: `makes the only worker of a model grow by some 10 MiB a second, under ${perSecond} requests a second and a limit of ${limitMib} MiB`,
  expects: 'another one takes its place before it ends; not one request fails; told as an event and counted',
  async run(bench) {
    const onnx = await bench.file('growing.onnx', growingModel())
    const gateway = await bench.gateway({
      config: {
        // What is late on a busy machine is another matter.
        overload: { loop_delay: '10s' },
        models: { growing: { onnx, memory: `${limitMib}MiB` } },
        endpoints: { sums: { arms: { only: { model: 'growing' } }, deadline: '20s' } },
      },
    })
    const before = gateway.process.workerOf('growing')!
    const newMib = residentMib(before)
    const load = bench.load(gateway.origin, {
      path: '/predict/sums',
      // Back to small ones before what a new worker takes at once is too much as well.
      body: (index) => ({ inputs: { n: [step * (index % 100)] } }),
      perSecond,
    })
    let mostMib = 0
    await waitUntil(
      () => {
        if (gateway.process.workerOf('growing') !== before) return true
        mostMib = Math.max(mostMib, residentMib(before))
        return false
      },
      { what: 'another worker has its place', timeoutMs: 60_000, intervalMs: 50 },
    )
    const counted = 'bandit_worker_recycles_total{model="growing",reason="memory",outcome="replaced"}'
    await waitUntil(async () => (await gateway.metric(counted)) === 1, { what: 'it is counted' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await load.stop()
    const failed = load.answers.filter(({ status }) => status !== 200)
    demand(
      failed.length === 0,
      `of ${load.answers.length} were not answered: ${countBy(failed, ({ status, body }) => `${status} ${(body as { code?: string } | undefined)?.code}`)}`,
    )
    const told = gateway.process.log().filter((line) => JSON.stringify(line).includes('"worker_recycled"'))
    demand(told.length === 1, `${told.length} events tell of it`)
    demand(mostMib > limitMib, `it was replaced at ${Math.round(mostMib)} MiB`)
    return `from ${Math.round(newMib)} to ${Math.round(mostMib)} MiB, then another worker; all ${load.answers.length} requests answered`
  },
}

export const memory: readonly Scenario[] = [growing]
