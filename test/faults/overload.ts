import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { digits, imageBody, predictPath } from './digits.ts'
import { countBy, quantileMs } from './load.ts'
import { demand, type Scenario } from './scenario.ts'

/** On so many connections that what waits does so in the gateway, not in this process. Predictions a second that are answered when they are sent at that rate for so long. */
async function goodput(bench: Bench, origin: string, perSecond: number, forMs: number) {
  const from = performance.now()
  const load = bench.load(origin, { path: predictPath, body: imageBody, perSecond, connections: 1500 })
  await sleep(forMs)
  await load.stop()
  const good = load.answers.filter(({ status }) => status === 200)
  return { load, good, perSecond: (1000 * good.length) / (performance.now() - from) }
}

const overload: Scenario = {
  id: 'B3',
  does: 'asks for twice what the gateway can answer for 20 s, with feedback beside it',
  expects:
    'goodput at least 90 % of the peak, 99 % of the answers within the deadline, refusals are 503 with Retry-After, feedback is taken, calm within 5 s',
  byHand: true,
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['boosting'] }) })
    // Far more than it can: what comes through is the most that it can answer beside this load generator.
    let peak = 0
    for (const rate of [200, 400, 800, 1600, 3200]) {
      const found = await goodput(bench, gateway.origin, rate, 3000)
      peak = Math.max(peak, found.perSecond)
      if (found.perSecond < 0.9 * rate) break
    }
    const ids: string[] = []
    const { body } = await gateway.post(predictPath, imageBody(0))
    ids.push((body as { readonly prediction_id: string }).prediction_id)
    let taken = 0
    let sent = 0
    const telling = setInterval(() => {
      sent++
      void gateway.post('/feedback', { prediction_id: ids[0], event_id: 'one', reward: 1 }).then(
        ({ status }) => void (taken += Number(status === 200)),
        () => undefined,
      )
    }, 50)
    const { load, good, perSecond } = await goodput(bench, gateway.origin, 2 * peak, 20_000)
    clearInterval(telling)
    await sleep(500)
    const refused = load.answers.filter(({ status }) => status !== 200)
    const kinds = countBy(refused, ({ status }) => status)
    const p99 = quantileMs(good, 0.99)
    await sleep(4000)
    const after = await goodput(bench, gateway.origin, Math.max(20, peak / 4), 2000)
    const seen = `peak ${Math.round(peak)}/s; at twice that ${Math.round(perSecond)}/s answered (${Math.round((100 * perSecond) / peak)} %), 99 % within ${Math.round(p99)} ms; else ${kinds}; feedback ${taken} of ${sent}; afterwards 99 % within ${Math.round(quantileMs(after.good, 0.99))} ms`
    demand(perSecond >= 0.9 * peak, seen)
    demand(p99 <= 1100, seen)
    demand(
      refused.every(({ status }) => status === 503 || status === 504),
      seen,
    )
    demand(taken >= 0.999 * sent, seen)
    demand(
      after.load.answers.every(({ status }) => status === 200),
      seen,
    )
    return seen
  },
}

export const overloads: readonly Scenario[] = [overload]
