import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** Says when it begins and when it is over, in milliseconds since 1970. */
const injected = `process.on('SIGUSR2', () => {
  const say = (what) => process.stderr.write('stalls ' + what + ' ' + Date.now() + '\\n')
  let left = 6
  say('from')
  const stall = () => {
    const end = performance.now() + 300
    while (performance.now() < end);
    if (--left > 0) setTimeout(stall, 10)
    else say('until')
  }
  stall()
})`

const stall: Scenario = {
  id: 'B10',
  byHand: true,
  alone: true,
  does: 'blocks the event loop for 300 ms, six times in a row, by injected code, under 200 predictions a second with rewards',
  expects: 'it sheds within 1 s of the first, and no more 3 s after the last; all feedback is taken',
  async run(bench) {
    const fault = await bench.file('fault.mjs', injected)
    const gateway = await bench.gateway({
      config: digits({ models: ['logistic'] }),
      env: { NODE_OPTIONS: `--import=${fault}` },
    })
    const taken: number[] = []
    const load = bench.load(gateway.origin, {
      path: predictPath,
      body: imageBody,
      perSecond: 200,
      async onAnswer({ status, body }) {
        if (status !== 200) return
        const { prediction_id } = body as { readonly prediction_id: string }
        taken.push((await gateway.post('/feedback', { prediction_id, reward: 1 })).status)
      },
    })
    await sleep(1500)
    const since = gateway.process.log().length
    const timeOf = (kind: string): number | undefined => {
      const told = gateway.process
        .log()
        .slice(since)
        .find((line) => (line as { readonly event?: { readonly kind?: string } }).event?.kind === kind)
      return told === undefined ? undefined : Date.parse(told.time)
    }
    gateway.process.kill('SIGUSR2')
    const on = await waitUntil(() => timeOf('overload'), { what: 'it says that it sheds', timeoutMs: 5000 })
    const off = await waitUntil(() => timeOf('overload_over'), { what: 'it is over', timeoutMs: 10_000 })
    await load.stop()
    const said = (what: string) =>
      Number(new RegExp(`stalls ${what} (\\d+)`).exec(gateway.process.stderr())?.[1])
    const [onMs, offMs] = [on - said('from'), off - said('until')]
    const statuses = countBy(load.answers, ({ status }) => status)
    const seen = `shedding after ${onMs} ms, no more ${offMs} ms after the last; ${statuses}; feedback ${countBy(taken, (status) => status)}`
    demand(onMs <= 1000 && offMs <= 3000, seen)
    demand(
      taken.every((status) => status === 200),
      seen,
    )
    demand(
      load.answers.every(({ status }) => status === 200 || status === 503),
      seen,
    )
    return seen
  },
}

export const stalls: readonly Scenario[] = [stall]
