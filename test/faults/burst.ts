import { decide, greetings } from './greetings.ts'
import { medianAndMost } from './load.ts'
import { demand, type Scenario } from './scenario.ts'
import { armsOf } from './views.ts'

const decisions = 10_000
const lines = 1000

/** Ten events for each decision, of which one counts: 100,000 to be verified, 10,000 to be learned. */
const burst: Scenario = {
  id: 'E7',
  byHand: true,
  does: `sends ${decisions * 10} events of ${decisions} decisions of one arm as quickly as it can, in batches of ${lines}`,
  expects: 'each reward applied once, all else duplicate; /livez answers meanwhile; the counts are exact',
  async run(bench) {
    const gateway = await bench.gateway({ config: greetings({ arms: ['only'] }) })
    const decided = await decide(gateway, decisions)
    const counts = { applied: 0, duplicate: 0 }
    const livez: number[] = []
    const looking = setInterval(() => {
      void gateway.call('/livez').then(
        ({ ms }) => livez.push(ms),
        () => livez.push(Infinity),
      )
    }, 100)
    const from = performance.now()
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
    const seconds = (performance.now() - from) / 1000
    clearInterval(looking)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const { rewarded } = (await armsOf(gateway, 'greeting')).get('only')!
    const [median, most] = medianAndMost(livez)
    const seen = `${counts.applied} applied, ${counts.duplicate} duplicate in ${seconds.toFixed(1)} s (${Math.round((10 * decisions) / seconds)}/s), ${rewarded} rewarded; /livez ${median.toFixed(0)}, at most ${most.toFixed(0)} ms`
    demand(counts.applied === decisions && counts.duplicate === 9 * decisions && rewarded === decisions, seen)
    demand(most <= 1000, seen)
    return seen
  },
}

export const bursts: readonly Scenario[] = [burst]
