import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchGateway } from './bench/bench.ts'
import { decide, greetings } from './bench/greetings.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const step = { share: 0.1, per: '2s' }

interface Arm {
  readonly name: string
  readonly share: number
  readonly wanted_share: number
}

async function praisedAt({ call }: BenchGateway): Promise<Arm> {
  const { body } = await call('/endpoints/greeting')
  return (body as { readonly arms: readonly Arm[] }).arms.find(({ name }) => name === 'praised')!
}

async function praise(gateway: BenchGateway, ids: readonly string[]): Promise<void> {
  const { status } = await gateway.call('/feedback', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ids.map((prediction_id) => JSON.stringify({ prediction_id, reward: 1 })).join('\n'),
  })
  demand(status === 200, `feedback was answered ${status}`)
}

/** A roll-out in the middle of a burst must not be a way around the steps. */
export const burstStart: Scenario = {
  id: 'E7b',
  byHand: true,
  does: `starts a second gateway on a Redis while rewards move shares by ${step.share} in ${step.per}, with one arm more in its configuration`,
  expects:
    'it begins where the traffic is, and not where the policy wants to be; the new arm begins with nothing; both come to the same',
  async run(bench) {
    const redis = await bench.redis()
    const configOf = (arms: readonly string[]) =>
      greetings({ arms, endpoint: { policy: { name: 'thompson', max_step: step } } })
    const first = await bench.gateway({ config: configOf(['praised', 'other']), store: redis.url })
    const decided = await decide(first, 2000)
    const ids = decided.filter(({ arm }) => arm === 'praised').map(({ prediction_id }) => prediction_id)
    await praise(first, ids.slice(0, 900))
    await decide(first, 500)
    await sleep(250)
    const second = await bench.gateway({
      config: configOf(['praised', 'other', 'joined']),
      store: redis.url,
    })
    const [old, joined] = await Promise.all([praisedAt(first), praisedAt(second)])
    const { body } = await second.call('/endpoints/greeting')
    const newcomer = (body as { readonly arms: readonly Arm[] }).arms.find(({ name }) => name === 'joined')!
    const began = `when the second was up, the first gave ${old.share.toFixed(3)}, the second ${joined.share.toFixed(3)} of ${joined.wanted_share.toFixed(3)} that it wanted, and ${newcomer.share.toFixed(3)} to the new arm`
    demand(joined.share < 0.9 && joined.wanted_share > 0.95, began)
    const startedAt = performance.now()
    for (;;) {
      const [a, b] = await Promise.all([praisedAt(first), praisedAt(second)])
      const seconds = (performance.now() - startedAt) / 1000
      const seen = `${began}; ${seconds.toFixed(1)} s later ${a.share.toFixed(3)} and ${b.share.toFixed(3)}`
      if (a.share === a.wanted_share && b.share === b.wanted_share) return seen
      demand(seconds < 30, seen)
      await sleep(250)
    }
  },
}
