import { readdir, readFile } from 'node:fs/promises'
import { startGateway } from '../support/gateway-process.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { openRaw } from './http/raw.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const config = digits({ models: ['logistic'] })

/** A request that is under way as long as its body is not there. */
function askForever(bench: Bench, gateway: BenchGateway) {
  const raw = openRaw(bench, gateway.origin)
  raw.write(
    'POST /predict/digits HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )
  return raw
}

async function acknowledged(gateway: BenchGateway): Promise<object> {
  const { body } = await gateway.post(predictPath, imageBody(0))
  const { prediction_id } = body as { readonly prediction_id: string }
  const told = { prediction_id, reward: 1 }
  const { status } = await gateway.post('/feedback', told)
  demand(status === 200, `feedback was answered ${status}`)
  return told
}

const twice: Scenario = {
  id: 'F3',
  does: 'sends a second SIGTERM while the first one waits for a request that never ends',
  expects: 'it ends within 1 s with 130; a reward acknowledged before is there after the next start, once',
  async run(bench) {
    const store = `sqlite:${await bench.dir()}/bandit.db`
    const gateway = await bench.gateway({ config, store })
    const told = await acknowledged(gateway)
    askForever(bench, gateway)
    await new Promise((resolve) => setTimeout(resolve, 100))
    gateway.process.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const secondAt = performance.now()
    gateway.process.kill('SIGTERM')
    const code = await gateway.process.exited
    const ms = performance.now() - secondAt
    demand(code === 130 && ms < 1000, `it ended with ${code} after ${Math.round(ms)} ms`)
    const next = await bench.gateway({ config, store })
    const { body } = await next.post('/feedback', told)
    const { status } = body as { readonly status: string }
    demand(status === 'duplicate', `the same reward again is ${status}`)
    return `ended with ${code} after ${Math.round(ms)} ms, the reward again: ${status}`
  },
}

const uncaught: Scenario = {
  id: 'F6',
  waits: true,
  does: 'lets a promise be rejected that nobody waits for, while a request never ends',
  expects: 'one line in the log, and the end within 6 s with an exit code that is not 0',
  async run(bench) {
    const fault = await bench.file(
      'fault.mjs',
      "process.on('SIGUSR2', () => void Promise.reject(new Error('injected')))",
    )
    const gateway = await bench.gateway({ config, env: { NODE_OPTIONS: `--import=${fault}` } })
    const told = await acknowledged(gateway)
    demand(told !== undefined, 'nothing was acknowledged')
    askForever(bench, gateway)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const from = performance.now()
    gateway.process.kill('SIGUSR2')
    const code = await gateway.process.exited
    const ms = performance.now() - from
    const lines = gateway.process.log().filter(({ msg }) => msg === 'a fault that nobody caught: stopping')
    demand(code === 1 && ms <= 6000, `it ended with ${code} after ${Math.round(ms)} ms`)
    demand(lines.length === 1, `${lines.length} lines tell of it`)
    return `told in one line, ended with ${code} after ${Math.round(ms)} ms`
  },
}

/** Processes that name this folder, with which a gateway starts each worker. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(folder))
}

const early: Scenario = {
  id: 'F3b',
  byHand: true,
  does: 'sends a SIGTERM to a gateway that is being loaded, and 0 to 0.5 s after it began to start six workers',
  expects:
    'while it is loaded the signal ends it, later it ends with 0 within 10 s; no worker and no folder of sockets is left',
  async run(bench) {
    const models = ['logistic', 'tree', 'forest'] as const
    const file = await bench.file('bandit.yaml', JSON.stringify(digits({ models, replicas: 2 })))
    const ends: string[] = []
    for (const afterMs of [undefined, 0, 50, 150, 300, 500]) {
      const tmp = await bench.dir()
      const store = `sqlite:${await bench.dir()}/bandit.db`
      const gateway = startGateway({ config: file, store, tmp })
      bench.atEnd(() => gateway.end())
      const begun = async () => (await readdir(tmp)).some((name) => name.startsWith('bandit-'))
      if (afterMs !== undefined)
        await waitUntil(begun, { what: 'it begins', timeoutMs: 30_000, intervalMs: 5 })
      await new Promise((resolve) => setTimeout(resolve, afterMs ?? 100))
      const from = performance.now()
      gateway.kill('SIGTERM')
      const code = await gateway.exited
      const ms = performance.now() - from
      demand(
        code === (afterMs === undefined ? 'SIGTERM' : 0),
        `after ${afterMs} ms it ended with ${code}: ${gateway.stderr()}`,
      )
      demand(ms <= 10_000, `after ${afterMs} ms it took ${Math.round(ms)} ms`)
      await waitUntil(async () => (await processesIn(tmp)).length === 0, {
        what: `no worker is left after ${afterMs} ms`,
        timeoutMs: 5000,
      })
      demand(!(await begun()), `after ${afterMs} ms it left its folder`)
      ends.push(`${code}`)
    }
    return `${countBy(ends, (end) => end)}; nothing left`
  },
}

export const stops: readonly Scenario[] = [twice, early, uncaught]
