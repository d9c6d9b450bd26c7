import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'undici'
import { growingModel } from '../fixtures/onnx-models.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { exitsOf, sumsOf } from './bench/views.ts'

const run = promisify(execFile)

/** Path of the socket that a worker answers on: its pid is beside it. */
async function socketOf({ tmp }: BenchGateway, pid: number): Promise<string> {
  for (const entry of await readdir(tmp, { recursive: true })) {
    const path = join(tmp, entry)
    if (!path.endsWith('.pid') || (await readFile(path, 'utf8')) !== `${pid}`) continue
    return path.replace(/pid$/, 'sock')
  }
  throw new Error(`no worker of ${pid} is in ${tmp}`)
}

/** What it must come to, however a worker came to its end: nobody is hurt, and another one is there. */
async function demandReplaced(
  gateway: BenchGateway,
  model: string,
  { before, sums }: { readonly before: number; readonly sums: string },
): Promise<string> {
  await waitUntil(() => gateway.process.workerOf(model) !== before, {
    what: 'another worker is ready',
    timeoutMs: 30_000,
  })
  demand(sumsOf(gateway) === sums, 'the statistics moved without feedback')
  const [exit] = exitsOf(gateway, model) as readonly { readonly signal?: string; readonly code?: number }[]
  return exit?.signal ?? `code ${exit?.code}`
}

const heap: Scenario = {
  id: 'A2',
  does: 'lets a worker get no more memory, and makes it read 24 MiB of JSON, under 50 requests a second',
  expects: 'it ends for want of memory; with another arm no request fails and no statistics move; it is back',
  async run(bench) {
    const gateway = await bench.gateway({
      config: digits({ models: ['logistic', 'network'], endpoint: { deadline: '10s' } }),
    })
    const load = bench.load(gateway.origin, { path: predictPath, body: imageBody, perSecond: 50 })
    await waitUntil(() => load.answers.length > 30, { what: 'answers come', timeoutMs: 20_000 })
    const state = { before: gateway.process.workerOf('network')!, sums: sumsOf(gateway) }
    const socketPath = await socketOf(gateway, state.before)
    const held = Number(/VmData:\s+(\d+)/.exec(await readFile(`/proc/${state.before}/status`, 'utf8'))![1])
    const allowed = (held + 96 * 1024) * 1024
    await run('prlimit', ['--pid', String(state.before), `--data=${allowed}:${allowed}`])
    const client = new Client('http://localhost', { socketPath })
    bench.atEnd(() => client.destroy())
    const body = `{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,64],"data":[${'[[1]],'.repeat(4 * 2 ** 20)}1]}]}`
    const answer = client.request({ path: '/v2/models/network/infer', method: 'POST', body })
    const said = await answer.then(
      ({ statusCode }) => String(statusCode),
      (error: Error) => ('code' in error ? String(error.code) : error.message),
    )
    const ended = await demandReplaced(gateway, 'network', state)
    await load.stop()
    const statuses = countBy(load.answers, ({ status }) => status)
    demand(
      load.answers.every(({ status }) => status === 200),
      `not all were answered: ${statuses}`,
    )
    return `its caller saw ${said}, it ended with ${ended}; ${statuses}; back`
  },
}

const cgroups = '/sys/fs/cgroup/memory'

/** A control group (v1) with so much memory, for one process. */
async function confine(bench: Bench, pid: number, bytes: number): Promise<void> {
  const group = join(cgroups, `bandit-${process.pid}`)
  demand(existsSync(cgroups), 'this machine has no control groups of the first kind: nothing was tried')
  await mkdir(group).catch(() => demand(false, 'nobody may make control groups here: run it as root'))
  // It can be taken away when the process in it has ended.
  bench.atEnd(() => waitUntil(() => rmdir(group).then(() => true, () => false), { what: 'the group is empty' })) // prettier-ignore
  await writeFile(join(group, 'memory.limit_in_bytes'), String(bytes))
  await writeFile(join(group, 'cgroup.procs'), String(pid))
}

const kernel: Scenario = {
  id: 'A3',
  does: 'gives a worker 64 MiB more by a control group, and makes it take 400, under 50 requests a second',
  expects: 'the kernel ends it by SIGKILL; the gateway is untouched, the other arm answers, it is back',
  byHand: true,
  async run(bench) {
    const onnx = await bench.file('growing.onnx', growingModel())
    const gateway = await bench.gateway({
      config: {
        models: { growing: { onnx, memory: 'off' }, other: { onnx, memory: 'off' } },
        endpoints: {
          sums: {
            arms: { growing: { model: 'growing' }, other: { model: 'other' } },
            policy: { name: 'uniform' },
            deadline: '10s',
          },
        },
      },
    })
    const path = '/predict/sums'
    const load = bench.load(gateway.origin, { path, body: () => ({ inputs: { n: [10] } }), perSecond: 50 })
    await waitUntil(() => load.answers.length > 30, { what: 'answers come', timeoutMs: 20_000 })
    const state = { before: gateway.process.workerOf('growing')!, sums: sumsOf(gateway) }
    const resident = Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${state.before}/status`, 'utf8'))![1])
    await confine(bench, state.before, (resident + 64 * 1024) * 1024)
    let great = 0
    while (gateway.process.workerOf('growing') === state.before && great < 50) {
      const { status } = await gateway.post(path, { inputs: { n: [100 * 2 ** 20] } })
      demand(status === 200, `the great one was answered ${status}`)
      great++
    }
    const ended = await demandReplaced(gateway, 'growing', state)
    await load.stop()
    const statuses = countBy(load.answers, ({ status }) => status)
    demand(
      load.answers.every(({ status }) => status === 200),
      `not all were answered: ${statuses}`,
    )
    demand(ended === 'SIGKILL', `it ended with ${ended}`)
    return `ended by ${ended}; ${statuses}, and ${great} great ones; back`
  },
}

export const exhausted: readonly Scenario[] = [heap, kernel]
