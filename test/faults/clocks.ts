import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createPredictionIds } from '../../bandit/index.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench, BenchGateway } from './bench/bench.ts'
import { fakeTime } from './bench/fake-time.ts'
import { decide, greetings } from './bench/greetings.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf } from './bench/views.ts'

const secret = 'a-secret-of-the-bench-that-is-long-enough'
const windowMs = 12_000
const config = greetings({ arms: ['only'], endpoint: { reward: { window: `${windowMs}ms` } } })
/** Decisions of each gateway that are rewarded in time, while Redis is frozen, and after the window. */
const [inTime, frozen, late] = [30, 10, 10]

/** Two hours ahead, two hours behind, and right; undefined where clocks cannot be faked here. */
async function start(bench: Bench, store: string) {
  const gateway = async (offset: string) => {
    const file = await bench.file('clock', `${offset}\n`)
    const clock = await fakeTime(file)
    const env = { ...clock, BANDIT_SIGNING_KEYS: `1:${secret}` }
    return clock && { file, run: await bench.gateway({ config, store, env }) }
  }
  const [ahead, behind] = [await gateway('+2h'), await gateway('-2h')]
  if (ahead === undefined || behind === undefined) return undefined
  const right = await bench.gateway({ config, store, env: { BANDIT_SIGNING_KEYS: `1:${secret}` } })
  return { gateways: [ahead.run, behind.run, right], clockOf: ahead.file }
}

const say = async (to: BenchGateway, prediction_id: string, reward: number): Promise<string> => {
  const { status, body } = await to.post('/feedback', { prediction_id, reward })
  return `${status} ${(body as { readonly status: string | number }).status}`
}

/** Number and sum of the rewards, as Redis has them. */
async function sumsIn(url: string): Promise<string> {
  const redis = new Redis(url)
  try {
    const [key = ''] = await redis.keys('*:statistics')
    const vectors = Object.values(await redis.hgetall(key)).map((sums) => sums.split(' ').map(Number))
    const total = (at: number) => vectors.reduce((sum, each) => sum + each[at]!, 0) / 1e6
    return `${total(0)} rewards, sum ${total(1)}`
  } finally {
    redis.disconnect()
  }
}

/** The same id, made by a gateway whose clock nobody could tell to be wrong. */
function postdated(predictionId: string): string {
  const ids = createPredictionIds([{ id: 1, secret }])
  const claims = ids.verify(predictionId)!
  const decision = { ...claims, decidedAt: claims.decidedAt + 7_200_000, policy: 'uniform' }
  return ids.sign(decision)
}

const wrongClocks: Scenario = {
  id: 'D12',
  byHand: true,
  waits: true,
  does: 'puts the clock of one gateway two hours ahead and of another two hours behind a third on one Redis, each sent the feedback of the others; then sets the first back by four hours',
  expects:
    'windows end as by the clock of Redis, each reward counts once, both clocks are told; an id from the future: 422',
  async run(bench) {
    const server = await bench.redis()
    const begun = await start(bench, server.url)
    if (begun === undefined)
      return 'not run: faketime is not installed here (Debian: apt-get install faketime)'
    const { gateways, clockOf } = begun
    const other = (index: number, by = 1) => gateways[(index + by) % gateways.length]!

    const decideAll = (count: number) =>
      Promise.all(
        gateways.map(async (each) => (await decide(each, count)).map((decided) => decided.prediction_id)),
      )
    const eachOf = async (all: readonly (readonly string[])[], by: number) => {
      const told = all.map((ids, from) => Promise.all(ids.map((id, at) => say(other(from, by), id, at % 2))))
      return countBy((await Promise.all(told)).flat(), (answer) => answer)
    }

    const ids = await decideAll(inTime)
    const forLater = await decideAll(late)
    const firstly = await eachOf(ids, 1)
    // Who is asked now had its clock set meanwhile.
    await writeFile(clockOf, '-2h\n')
    const set = async () => Number(await gateways[0]!.metric('bandit_clock_offset_seconds')) < -7000
    await waitUntil(set, { what: 'the clock that was set is noticed', timeoutMs: 10_000 })
    const again = await eachOf(ids, 2)
    const answers = `${firstly}; by another one again ${again}`
    demand(firstly === `${3 * inTime} × 200 applied`, answers)
    demand(again === `${3 * inTime} × 200 duplicate`, answers)

    const whileAway = await decideAll(frozen)
    process.kill(server.pid, 'SIGSTOP')
    const kept = await eachOf(whileAway, 1)
    process.kill(server.pid, 'SIGCONT')
    demand(kept === `${3 * frozen} × 202 journalled`, `Redis frozen: ${kept}`)

    const ahead = await gateways[2]!.post('/feedback', { prediction_id: postdated(ids[0]![0]!), reward: 1 })
    const { detail = '' } = ahead.body as { readonly detail?: string }
    demand(ahead.status === 422 && /dated 7\d{3} s ahead/.test(detail), `from the future: ${ahead.text}`)

    await sleep(windowMs)
    const tooLate = await eachOf(forLater, 1)
    demand(tooLate === `${3 * late} × 410 410`, `after the window: ${tooLate}`)

    const rewarded = 3 * (inTime + frozen)
    const pulls = rewarded + 3 * late
    const settled = async () => {
      const arms = await Promise.all(
        gateways.map(async (each) => (await armsOf(each, 'greeting')).get('only')!),
      )
      const seen = countBy(
        arms,
        (arm) => `${arm.pulls} pulls, ${arm.rewarded} rewarded, ${arm.pending} pending`,
      )
      return {
        seen,
        isWhole: arms.every((arm) => arm.pulls === pulls && arm.rewarded === rewarded && arm.pending === 0),
      }
    }
    await waitUntil(async () => (await settled()).isWhole, {
      what: 'all windows are over',
      timeoutMs: 20_000,
    }).catch(async () => demand(false, (await settled()).seen))

    const sums = await sumsIn(server.url)
    demand(sums === `${rewarded} rewards, sum ${rewarded / 2}`, sums)

    const told = gateways.map(({ process }) =>
      process
        .log()
        .map(({ msg }) => /clock is 7[12]\d\d(?:\.\d+)? s (ahead of|behind)/.exec(msg)?.[1])
        .filter((side) => side !== undefined)
        .join(),
    )
    demand(told.join('|') === 'ahead of|behind|', `told: ${told.join('|')}`)
    return `${answers}; Redis frozen ${kept}; after the window ${tooLate}; ${(await settled()).seen}; ${sums}; both clocks told; from the future 422`
  },
}

export const clocks: readonly Scenario[] = [wrongClocks]
