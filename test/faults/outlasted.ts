import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import { decide, greetings } from './greetings.ts'
import { countBy } from './load.ts'
import { demand, type Scenario } from './scenario.ts'
import { armsOf } from './views.ts'

const outlasted: Scenario = {
  id: 'D16',
  byHand: true,
  waits: true,
  does: 'freezes Redis for 75 s, with a window of 1 s and a retention of 1 m, and sends rewards all the while',
  expects:
    'what is too old to be told apart from what was counted is said to be lost, in metrics and log; all else counts once',
  async run(bench) {
    const server = await bench.redis()
    const gateway = await bench.gateway({
      config: greetings({ arms: ['only'], endpoint: { reward: { window: '1s', retention: '1m' } } }),
      store: server.url,
    })
    const say = async () => {
      const [{ prediction_id } = { prediction_id: '' }] = await decide(gateway, 1)
      const { status } = await gateway.post('/feedback', { prediction_id, reward: 1 })
      return status
    }
    const statuses = [await say()]
    process.kill(server.pid, 'SIGSTOP')
    const until = performance.now() + 75_000
    while (performance.now() < until) {
      statuses.push(await say())
      await sleep(500)
    }
    process.kill(server.pid, 'SIGCONT')
    const drained = 'the store has the feedback that was journalled'
    await waitUntil(() => gateway.process.log().some(({ msg }) => msg === drained), {
      what: 'the journal is drained',
      timeoutMs: 20_000,
    })
    const lost = (await gateway.metric('bandit_journal_replayed_total{outcome="lost"}')) ?? NaN
    const counted = await waitUntil(
      async () => {
        const { rewarded } = (await armsOf(gateway, 'greeting')).get('only')!
        return rewarded + lost >= statuses.length && rewarded
      },
      { what: 'what is not lost is seen', timeoutMs: 5000 },
    )
    const told = gateway.process
      .log()
      .filter(({ msg }) => msg.startsWith('accepted feedback counts for nothing'))
    const seen = `${countBy(statuses, (status) => status)}; ${counted} counted, ${lost} said to be lost, in ${told.length} lines`
    demand(counted + lost === statuses.length && lost > 0 && told.length > 0, seen)
    return seen
  },
}

export const outlasting: readonly Scenario[] = [outlasted]
