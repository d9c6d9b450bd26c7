import { setTimeout as sleep } from 'node:timers/promises'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { atShare, flood, type FloodReport } from './bench/flood.ts'
import { demand, type Scenario } from './bench/scenario.ts'

const bodies = Array.from({ length: 100 }, (_, index) => imageBody(index))
/** Of the peak: by time, and by the gateway's CPU. */
interface Share {
  readonly ofTime: number
  readonly ofCpu: number
}

/** More than the loop reads at once, and so many that what waits does so in the gateway. */
const connections = 1500
const roundMs = 5000

/**
 * What comes through on 64 connections that always ask is the most that there is. It is measured before and after each
 * flood, since other work on the machine takes from both, and against the CPU that the gateway had for it, of which no other
 * work takes anything.
 */
const overload: Scenario = {
  id: 'B3',
  alone: true,
  does: 'asks for twice and for five times what the gateway can answer, on 1,500 connections, with feedback beside it, three times in turn',
  expects:
    'for the same CPU at least 75 % of the peak are answered at twice, 50 % at five times; 99 % of them within the deadline, all others refused with 503; all feedback taken; calm after 5 s',
  byHand: true,
  limitMs: 300_000,
  async run(bench) {
    const gateway = await bench.gateway({ config: digits({ models: ['boosting'] }) })
    const cost = async () => (await gateway.metric('bandit_process_cpu_seconds_total')) ?? NaN
    const ask = (perSecond: number, through: number, forMs = roundMs) =>
      flood(gateway.origin, { path: predictPath, bodies, perSecond, connections: through, forMs, cost })
    const peakNow = () => ask(20_000, 64, 3000)
    const { body } = await gateway.post(predictPath, imageBody(0))
    const { prediction_id } = body as { readonly prediction_id: string }
    let [sent, taken] = [0, 0]
    const telling = setInterval(() => {
      sent++
      void gateway.post('/feedback', { prediction_id, event_id: 'one', reward: 1 }).then(
        ({ status }) => void (taken += Number(status === 200)),
        () => undefined,
      )
    }, 50)
    const kept = new Map<number, Share[]>([2, 5].map((times) => [times, []]))
    const floods: FloodReport[] = []
    let peak = await peakNow()
    for (let round = 0; round < 3; round++) {
      for (const [times, shares] of kept) {
        const found = await ask(times * peak.perSecond, connections)
        floods.push(found)
        const after = await peakNow()
        shares.push({
          ofTime: (2 * found.perSecond) / (peak.perSecond + after.perSecond),
          ofCpu: (2 * found.perCost) / (peak.perCost + after.perCost),
        })
        peak = after
      }
    }
    clearInterval(telling)
    await sleep(5000)
    const calm = await ask(Math.max(20, peak.perSecond / 4), 64, 2000)
    const p99 = atShare(
      floods.flatMap(({ goodMs }) => goodMs),
      0.99,
    )
    const refusedMs = floods.flatMap(({ refusedMs: ms }) => ms)
    const odd = floods.flatMap(({ statuses }) =>
      [...statuses].filter(([status]) => status !== 200 && status !== 503),
    )
    const inWords = (each: readonly number[]) => each.map((one) => Math.round(100 * one)).join(', ')
    const shares = [...kept].map(
      ([times, each]) =>
        `at ${times} × ${inWords(each.map(({ ofTime }) => ofTime))} %, for the same CPU ${inWords(each.map(({ ofCpu }) => ofCpu))} %`,
    )
    const seen = `of a peak of ${Math.round(peak.perSecond)}/s ${shares.join('; ')} answered, 99 % within ${Math.round(p99)} ms; refusals within ${Math.round(atShare(refusedMs, 0.5))} ms, 99 % within ${Math.round(atShare(refusedMs, 0.99))} ms; others: ${JSON.stringify(odd)}; feedback ${taken} of ${sent}; afterwards 99 % within ${Math.round(atShare(calm.goodMs, 0.99))} ms`
    const middle = (times: number) =>
      atShare(
        kept.get(times)!.map(({ ofCpu }) => ofCpu),
        0.5,
      )
    demand(middle(2) >= 0.75 && middle(5) >= 0.5, seen)
    demand(p99 <= 1100, seen)
    demand(taken >= 0.999 * sent, seen)
    demand(calm.refusedMs.length === 0, seen)
    return seen
  },
}

export const overloads: readonly Scenario[] = [overload]
