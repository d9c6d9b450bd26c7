import type { BenchGateway } from './bench/bench.ts'
import { burstStart } from './burst-start.ts'
import { decide, greetings, type Decided } from './bench/greetings.ts'
import { medianAndMost } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { shareSampler } from './bench/share-sampler.ts'
import { armsOf } from './bench/views.ts'

const decisions = 10_000
const lines = 1000
const step = { share: 0.1, per: '1s' }

/** Two batches at a time, ten times over: 100,000 to be verified, of which one in ten is to be learned. */
async function burstOf(gateway: BenchGateway, decided: readonly Decided[]) {
  const counts = { applied: 0, duplicate: 0 }
  for (let time = 0; time < 10; time++) {
    for (let at = 0; at < decisions; at += 2 * lines) {
      const batches = [at, at + lines].map((begin) => decided.slice(begin, begin + lines))
      const replies = await Promise.all(
        batches.map((batch) =>
          gateway.call('/feedback', {
            method: 'POST',
            headers: { 'content-type': 'application/x-ndjson' },
            body: batch.map(({ prediction_id }) => JSON.stringify({ prediction_id, reward: 1 })).join('\n'),
          }),
        ),
      )
      for (const { status, body } of replies) {
        demand(status === 200, `a batch was answered ${status} ${JSON.stringify(body).slice(0, 200)}`)
        const { counts: found } = body as { readonly counts: Partial<typeof counts> }
        counts.applied += found.applied ?? 0
        counts.duplicate += found.duplicate ?? 0
      }
    }
  }
  return counts
}

/** As many decisions of one arm; each of the two gets about half of all while nothing is known of them. */
async function decidedFor(gateway: BenchGateway, arm: string): Promise<readonly Decided[]> {
  const all = await decide(gateway, 2.1 * decisions)
  const own = all.filter((decision) => decision.arm === arm)
  demand(own.length >= decisions, `${own.length} of ${all.length} decisions are of ${arm}`)
  return own.slice(0, decisions)
}

const burst: Scenario = {
  id: 'E7',
  byHand: true,
  does: `sends ${decisions * 10} events of ${decisions} decisions of one of two arms as quickly as it can, in batches of ${lines}; shares may move by ${step.share} in ${step.per}`,
  expects:
    'each reward applied once, all else duplicate; /livez answers meanwhile; the counts are exact; no share moves by more than the step, and they arrive',
  async run(bench) {
    const policy = { name: 'thompson', max_step: step }
    const config = greetings({ arms: ['praised', 'other'], endpoint: { policy } })
    const gateway = await bench.gateway({ config })
    const decided = await decidedFor(gateway, 'praised')
    const livez: number[] = []
    const looking = setInterval(() => {
      void gateway.call('/livez').then(
        ({ ms }) => livez.push(ms),
        () => livez.push(Infinity),
      )
    }, 100)
    const shares = shareSampler(gateway, 'praised')
    const from = performance.now()
    const counts = await burstOf(gateway, decided)
    const seconds = (performance.now() - from) / 1000
    clearInterval(looking)
    const moved = await shares.untilArrived(20_000)
    const { rewarded } = (await armsOf(gateway, 'greeting')).get('praised')!
    const [median, most] = medianAndMost(livez)
    const seen = `${counts.applied} applied, ${counts.duplicate} duplicate in ${seconds.toFixed(1)} s (${Math.round((10 * decisions) / seconds)}/s), ${rewarded} rewarded; /livez ${median.toFixed(0)}, at most ${most.toFixed(0)} ms; ${moved.text}`
    demand(counts.applied === decisions && counts.duplicate === 9 * decisions && rewarded === decisions, seen)
    demand(most <= 1000, seen)
    demand(moved.isWithin(step.share) && moved.hasArrived, seen)
    return seen
  },
}

export const bursts: readonly Scenario[] = [burst, burstStart]
