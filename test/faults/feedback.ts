import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf, sumsOf } from './bench/views.ts'

const one = (bench: Bench, reward: object = {}): Promise<BenchGateway> =>
  bench.gateway({
    config: digits({ models: ['logistic'], endpoint: { reward: { window: '10m', ...reward } } }),
  })

async function predict({ post }: BenchGateway, index = 0): Promise<string> {
  const { status, body } = await post(predictPath, imageBody(index))
  demand(status === 200, `a prediction was answered ${status}`)
  return (body as { readonly prediction_id: string }).prediction_id
}

const say = async ({ post }: BenchGateway, feedback: object): Promise<string> => {
  const { status, body } = await post('/feedback', feedback)
  return `${status} ${(body as { status?: string | number }).status ?? ''}`
}

/** Mean and number of the rewards of the only arm, once `count` are seen. */
async function learned(gateway: BenchGateway, count: number): Promise<string> {
  const arm = await waitUntil(
    async () => {
      const found = (await armsOf(gateway)).get('logistic')!
      return found.rewarded >= count && found
    },
    { what: `${count} rewards are seen` },
  )
  return `${arm.rewarded} rewarded`
}

const together: Scenario = {
  id: 'E1',
  shownBy: 'test/e2e/gateway/several-gateways.test.ts',
  does: 'sends one event 10 times in a row, another 30 times at once through three gateways on one Redis',
  expects: 'each applied once, all else duplicate; two rewards in all',
  async run(bench) {
    const { url: store } = await bench.redis()
    const config = digits({ models: ['logistic'] })
    const gateways = [
      await bench.gateway({ config, store }),
      await bench.gateway({ config, store }),
      await bench.gateway({ config, store }),
    ]
    const [first] = gateways as [BenchGateway]
    const row = { prediction_id: await predict(first), reward: 1 }
    const inTurn: string[] = []
    for (let time = 0; time < 10; time++) inTurn.push(await say(first, row))
    const crowd = { prediction_id: await predict(first, 1), reward: 1 }
    const atOnce = await Promise.all(
      Array.from({ length: 30 }, (_, index) => say(gateways[index % 3]!, crowd)),
    )
    const turns = countBy(inTurn, (each) => each)
    const crowds = countBy(atOnce, (each) => each)
    demand(turns === '1 × 200 applied, 9 × 200 duplicate', turns)
    demand(crowds === '1 × 200 applied, 29 × 200 duplicate', crowds)
    const sum = await learned(first, 2)
    demand(sum === '2 rewarded', sum)
    return `in a row ${turns}; at once ${crowds}; ${sum}`
  },
}

const overtaking: Scenario = {
  id: 'E2',
  does: 'sends feedback in the moment in which its prediction is answered, 200 times',
  expects: 'applied each time',
  async run(bench) {
    const gateway = await one(bench)
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_, index) =>
        say(gateway, { prediction_id: await predict(gateway, index), reward: 1 }),
      ),
    )
    const seen = countBy(outcomes, (each) => each)
    demand(seen === '200 × 200 applied', seen)
    return seen
  },
}

const windows: Scenario = {
  id: 'E3',
  waits: true,
  does: 'sends feedback before the end of a window of 2 s and after it',
  expects: 'applied; 410, logged and not learned',
  async run(bench) {
    const gateway = await one(bench, { window: '2s' })
    const early = await predict(gateway)
    const late = await predict(gateway, 1)
    await sleep(1000)
    const inTime = await say(gateway, { prediction_id: early, reward: 1 })
    await sleep(1500)
    const after = await say(gateway, { prediction_id: late, reward: 1 })
    demand(inTime === '200 applied', `before the end ${inTime}`)
    demand(after.startsWith('410'), `after the end ${after}`)
    const sum = await learned(gateway, 1)
    demand(sum === '1 rewarded', sum)
    return `before the end ${inTime}, after it ${after}; ${sum}`
  },
}

const corrections: Scenario = {
  id: 'E4',
  does: 'corrects a reward in order, out of order, and in three versions shuffled',
  expects: 'the sums are those of the newest version alone, in every order',
  async run(bench) {
    const versions = [0, 1, 2].map((second) => ({ at: `2026-01-01T00:00:0${second}Z`, reward: second % 2 }))
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]
    const gateway = await one(bench)
    const means: number[] = []
    for (const order of orders) {
      const id = await predict(gateway)
      for (const version of order) {
        const { reward } = versions[version]!
        const at = new Date(Date.now() - 4000 + 1000 * version).toISOString()
        const said = await say(gateway, { prediction_id: id, event_id: 'order', reward, at })
        demand(said.startsWith('200'), `version ${version} was answered ${said}`)
      }
    }
    await learned(gateway, orders.length)
    means.push((await armsOf(gateway)).get('logistic')!.mean)
    // Version 2 says 0: four rewards of 0 over a Beta(1, 1) prior.
    const expected = 1 / (2 + orders.length)
    demand(Math.abs(means[0]! - expected) < 1e-9, `the mean is ${means[0]}, not ${expected}`)
    return `${orders.length} orders, mean ${means[0]!.toFixed(4)} = 1/${2 + orders.length}`
  },
}

const wrong: Scenario = {
  id: 'E5',
  does: 'sends rewards that are NaN, text, null, 1e308, 1e400 and out of bounds',
  expects: '422 or 400 each, and nothing written',
  async run(bench) {
    const gateway = await one(bench)
    const id = await predict(gateway)
    const sums = sumsOf(gateway)
    const seen: string[] = []
    for (const reward of ['NaN', '"1"', 'null', '1e308', '1e400', '-0.1', '2']) {
      const { status } = await gateway.post('/feedback', `{"prediction_id":"${id}","reward":${reward}}`)
      seen.push(`${reward} ${status}`)
    }
    const refused = seen.every((each) => / 4(00|22)$/.test(each))
    demand(refused, seen.join(', '))
    demand(sumsOf(gateway) === sums, 'the statistics moved')
    return seen.join(', ')
  },
}

const batch: Scenario = {
  id: 'E6',
  shownBy: 'test/e2e/gateway/feedback-batch.test.ts',
  does: 'sends 1,000 lines of which line 500 is broken, twice',
  expects: '999 applied, then 999 duplicate, and line 500 named both times',
  async run(bench) {
    const gateway = await one(bench)
    const ids = await Promise.all(Array.from({ length: 1000 }, (_, index) => predict(gateway, index)))
    const lines = ids.map((prediction_id, index) =>
      index === 499 ? '{"broken' : JSON.stringify({ prediction_id, reward: 1 }),
    )
    const send = async (): Promise<string> => {
      const { body } = await gateway.call('/feedback', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: lines.join('\n'),
      })
      const { counts, refused } = body as { counts: Record<string, number>; refused: { line: number }[] }
      return `${counts['applied'] ?? 0} applied, ${counts['duplicate'] ?? 0} duplicate, refused line ${refused.map(({ line }) => line).join(' ')}`
    }
    const first = await send()
    const second = await send()
    demand(first === '999 applied, 0 duplicate, refused line 500', first)
    demand(second === '0 applied, 999 duplicate, refused line 500', second)
    return `${first}; again ${second}`
  },
}

const forged: Scenario = {
  id: 'E8',
  does: 'sends ids that are made up, cut, changed in one bit, signed by another secret, and 4 kB long',
  expects: '403 each, and nothing written',
  async run(bench) {
    const gateway = await one(bench)
    const other = await bench.gateway({
      config: digits({ models: ['logistic'] }),
      env: { BANDIT_SIGNING_KEYS: `0:${'s'.repeat(43)}` },
    })
    const id = await predict(gateway)
    const sums = sumsOf(gateway)
    const flipped = Buffer.from(id, 'base64url')
    flipped[40]! ^= 1
    const ids = {
      'made up': 'abc',
      cut: id.slice(0, -4),
      'one bit': flipped.toString('base64url'),
      "another's": await predict(other),
      '4 kB': 'a'.repeat(4096),
    }
    const seen: string[] = []
    for (const [name, prediction_id] of Object.entries(ids)) {
      const said = await say(gateway, { prediction_id, reward: 1 })
      seen.push(`${name} ${said}`)
    }
    demand(
      seen.every((each) => each.includes(' 403')),
      seen.join(', '),
    )
    demand(sumsOf(gateway) === sums, 'the statistics moved')
    return seen.join(', ')
  },
}

const manyEvents: Scenario = {
  id: 'E9',
  does: 'sends 100 events of different names about one prediction',
  expects: 'as many as may count are taken, the rest refused; one rewarded decision',
  async run(bench) {
    const gateway = await one(bench)
    const prediction_id = await predict(gateway)
    const outcomes: string[] = []
    for (let event = 0; event < 100; event++) {
      outcomes.push(await say(gateway, { prediction_id, event_id: `event-${event}`, reward: 1 }))
    }
    const seen = countBy(outcomes, (each) => each)
    const sum = await learned(gateway, 1)
    const { mean } = (await armsOf(gateway)).get('logistic')!
    demand(sum === '1 rewarded' && Math.abs(mean - 2 / 3) < 1e-9, `${sum}, mean ${mean}; ${seen}`)
    demand(outcomes.filter((each) => each.startsWith('200')).length <= 16, seen)
    return `${seen}; ${sum}`
  },
}

export const feedback: readonly Scenario[] = [
  together,
  overtaking,
  windows,
  corrections,
  wrong,
  batch,
  forged,
  manyEvents,
]
