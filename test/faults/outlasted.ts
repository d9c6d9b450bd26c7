import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import type { BenchGateway } from './bench/bench.ts'
import { decide, greetings } from './bench/greetings.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf } from './bench/views.ts'

const drained = 'the store has the feedback that was journalled'

/** Marks of a window of a second go a minute after it, where nobody waits for them. */
const config = greetings({ arms: ['only'], endpoint: { reward: { window: '1s', retention: '1m' } } })

async function tell(gateway: BenchGateway): Promise<{ readonly status: number; readonly feedback: object }> {
  const [{ prediction_id } = { prediction_id: '' }] = await decide(gateway, 1)
  const feedback = { prediction_id, reward: 1 }
  const { status } = await gateway.post('/feedback', feedback)
  return { status, feedback }
}

const isDrained = (gateway: BenchGateway) =>
  waitUntil(() => gateway.process.log().some(({ msg }) => msg === drained), {
    what: 'the journal is drained',
    timeoutMs: 20_000,
  })

async function counted(gateway: BenchGateway): Promise<number> {
  return (await armsOf(gateway, 'greeting')).get('only')!.rewarded
}

const lostBy = async (gateway: BenchGateway) =>
  (await gateway.metric('bandit_journal_replayed_total{outcome="lost"}')) ?? NaN

const outlasted: Scenario = {
  id: 'D16',
  byHand: true,
  waits: true,
  does: 'freezes Redis for 75 s, with a window of 1 s and a retention of 1 m, and sends rewards all the while',
  expects: 'each counts once, however long it waited; none is lost, and marks are gone when all is brought',
  async run(bench) {
    const server = await bench.redis()
    const gateway = await bench.gateway({ config, store: server.url })
    const told = [await tell(gateway)]
    process.kill(server.pid, 'SIGSTOP')
    const until = performance.now() + 75_000
    while (performance.now() < until) {
      told.push(await tell(gateway))
      await sleep(500)
    }
    process.kill(server.pid, 'SIGCONT')
    await isDrained(gateway)
    const again = await Promise.all(told.map(({ feedback }) => gateway.post('/feedback', feedback)))
    const all = await waitUntil(async () => (await counted(gateway)) >= told.length && counted(gateway), {
      what: 'all rewards are seen',
      timeoutMs: 5000,
    })
    const lost = await lostBy(gateway)
    const seen = `${countBy(told, ({ status }) => status)}; sent again: ${countBy(again, ({ status }) => status)}; ${all} counted, ${lost} lost`
    demand(all === told.length && lost === 0, seen)
    return seen
  },
}

const givenUp: Scenario = {
  id: 'D16.2',
  byHand: true,
  waits: true,
  does: 'kills one of two gateways while its journal is full and Redis frozen, and starts it 85 s later, with a journal_wait of 1 m',
  expects:
    'the other says that it is given up; what it brings is said to be lost, in metrics and log, and none counts but one that was on its way',
  async run(bench) {
    const server = await bench.redis()
    const waiting = { ...config, journal_wait: '1m' }
    const other = await bench.gateway({ config: waiting, store: server.url })
    const own = { config: { ...waiting, journal: join(await bench.dir(), 'journal.db') }, store: server.url }
    const first = await bench.gateway(own)
    await sleep(6000)
    process.kill(server.pid, 'SIGSTOP')
    const told = []
    for (let n = 0; n < 20; n++) told.push(await tell(first))
    first.process.kill('SIGKILL')
    await first.process.exited
    process.kill(server.pid, 'SIGCONT')
    await sleep(85_000)
    const events = await other.metric('bandit_events_total{kind="journal_given_up",endpoint="greeting"}')
    const later = await bench.gateway(own)
    await isDrained(later)
    const [lost, all] = [await lostBy(later), await counted(later)]
    const lines = later.process
      .log()
      .filter(({ msg }) => msg.startsWith('accepted feedback counts for nothing'))
    const seen = `${countBy(told, ({ status }) => status)}; ${events} event; ${all} counted, ${lost} said to be lost, in ${lines.length} line`
    // The first one was on its way when Redis froze, and done when it went on.
    demand(events === 1 && lost === told.length && all <= 1 && lines.length > 0, seen)
    return seen
  },
}

export const outlasting: readonly Scenario[] = [outlasted, givenUp]
