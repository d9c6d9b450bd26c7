import type { Bench } from './bench/bench.ts'
import { decide, greetings, type Decided } from './bench/greetings.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf } from './bench/views.ts'

const three = ['plain', 'warm', 'brief']

/** Runs a gateway, ends it, and runs one with other arms on the same store. */
async function restarted(bench: Bench, endpoint: object, next: readonly string[]) {
  const store = `sqlite:${await bench.dir()}/bandit.db`
  const first = await bench.gateway({ config: greetings({ arms: three, endpoint }), store })
  const start = () => bench.gateway({ config: greetings({ arms: next, endpoint }), store })
  async function stop(): Promise<void> {
    first.process.kill('SIGTERM')
    await first.process.exited
  }
  return { first, stop, start }
}

const removed: Scenario = {
  id: 'H4',
  byHand: true,
  does: 'takes an arm out of the configuration, then sends the rewards of its last 40 decisions',
  expects: '200 or 410 each, and the sums of the other arms as they were',
  async run(bench) {
    const { first, stop, start } = await restarted(bench, {}, ['plain', 'warm'])
    const decided = await decide(first, 120)
    const late = decided.filter(({ arm }) => arm === 'brief')
    const other = decided.find(({ arm }) => arm === 'warm')!
    await first.post('/feedback', { prediction_id: other.prediction_id, reward: 1 })
    await stop()
    const second = await start()
    const before = JSON.stringify([...(await armsOf(second, 'greeting')).values()].map(countsOf))
    const replies = await Promise.all(
      late.map(({ prediction_id }) => second.post('/feedback', { prediction_id, reward: 1 })),
    )
    const statuses = countBy(
      replies,
      ({ status, body }) => `${status} ${(body as { status: string }).status}`,
    )
    demand(
      replies.every(({ status }) => status === 200 || status === 410),
      statuses,
    )
    await new Promise((resolve) => setTimeout(resolve, 600))
    const arms = await armsOf(second, 'greeting')
    const after = JSON.stringify([...arms.values()].map(countsOf))
    demand(after === before, `the others were ${before} and are ${after}`)
    demand(!arms.has('brief'), 'the arm is still there')
    return `${statuses} for ${late.length} rewards of an arm that is gone; the others as before`
  },
}

function countsOf({ name, rewarded, mean }: { name: string; rewarded: number; mean: number }) {
  return { name, rewarded, mean }
}

const keys = 300
const byKey = (index: number): object => ({ key: `user-${index}` })

const sticky: Scenario = {
  id: 'H5',
  byHand: true,
  does: `asks for ${keys} sticky keys, restarts the gateway, then takes one arm of three away`,
  expects:
    'the same arm for each key after the restart; afterwards keys of the arm that went move, and no other',
  async run(bench) {
    const { first, stop, start } = await restarted(bench, { sticky: { for: '1h' } }, three)
    const armsOfKeys = (decided: readonly Decided[]) => decided.map(({ arm }) => arm)
    const before = armsOfKeys(await decide(first, keys, byKey))
    await stop()
    const second = await start()
    const decided = await decide(second, keys, byKey)
    const after = armsOfKeys(decided)
    const moved = after.filter((arm, index) => arm !== before[index]).length
    demand(moved === 0, `${moved} keys moved by a restart`)
    const propensities = new Set(decided.map(({ decision }) => decision.propensity.toFixed(6)))
    demand(propensities.size === 1 && propensities.has('0.333333'), [...propensities].join(' '))
    const paused = await second.call('/endpoints/greeting/arms/brief', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"state":"paused"}',
    })
    demand(paused.status === 200, `the pause was answered ${paused.status}`)
    const last = armsOfKeys(await decide(second, keys, byKey))
    const astray = last.filter((arm, index) => arm !== after[index] && after[index] !== 'brief').length
    const left = last.filter((arm) => arm === 'brief').length
    demand(astray === 0 && left === 0, `${astray} keys of other arms moved, ${left} are where they were`)
    return `${keys} keys stay over a restart, each with a propensity of 1/3; without one arm ${countBy(
      after.filter((arm) => arm === 'brief'),
      () => 'moved',
    )}, none of the others`
  },
}

export const arms: readonly Scenario[] = [removed, sticky]
