import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import { startBalancer } from './bench/balancer.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** Longer than the balancer takes to see that one is not ready. */
const config = digits({
  models: ['logistic'],
  endpoint: { deadline: '5s' },
  more: { stop: { drain: '500ms' } },
})

async function roll(bench: Bench, restarts: number): Promise<string> {
  const balancer = await startBalancer(bench)
  const store = `sqlite:${await bench.dir()}/bandit.db`
  const start = async (): Promise<BenchGateway> => {
    const gateway = await bench.gateway({ config, store })
    balancer.add(gateway.origin)
    return gateway
  }
  const running = [await start(), await start()]
  await sleep(300)
  const load = bench.load(balancer.origin, {
    path: predictPath,
    body: imageBody,
    perSecond: 100,
    connections: 8,
  })
  await waitUntil(() => load.answers.length > 20, { what: 'answers come', timeoutMs: 10_000 })
  let slowestMs = 0
  for (let restart = 0; restart < restarts; restart++) {
    const fresh = await start()
    await sleep(300)
    const old = running.shift()!
    running.push(fresh)
    const stoppedAt = performance.now()
    old.process.kill('SIGTERM')
    const code = await old.process.exited
    slowestMs = Math.max(slowestMs, performance.now() - stoppedAt)
    balancer.remove(old.origin)
    demand(code === 0, `restart ${restart + 1} ended with ${code}`)
  }
  await load.stop()
  const statuses = countBy(
    load.answers,
    ({ status, body }) => `${status} ${(body as { readonly code?: string } | undefined)?.code ?? ''}`,
  )
  demand(
    load.answers.every(({ status }) => status === 200),
    `${statuses} over ${restarts} restarts`,
  )
  return `${restarts} restarts, ${statuses}; exit code 0 within ${(slowestMs / 1000).toFixed(1)} s each`
}

const expects = 'no request fails; exit code 0 each time'

export const rolling: readonly Scenario[] = [
  {
    id: 'F7',
    does: 'restarts one of two gateways behind a balancer under 100 requests a second',
    expects,
    run: (bench) => roll(bench, 1),
  },
  {
    id: 'F8',
    does: 'the same 50 times, each in its turn',
    expects,
    byHand: true,
    limitMs: 1_800_000,
    run: (bench) => roll(bench, 50),
  },
]
