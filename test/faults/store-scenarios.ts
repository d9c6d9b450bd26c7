import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pLimit from 'p-limit'
import { startGateway } from '../support/gateway-process.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { Bench } from './bench/bench.ts'
import { imageBody, predictPath } from './bench/digits.ts'
import { config, onRedis } from './bench/on-redis.ts'
import { type Answer, countBy, quantileMs } from './bench/load.ts'
import { countedOf, hurtUnderRewards } from './bench/rewards.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** Exit code and last words of a gateway that is not to start. */
async function refusal(bench: Bench, store: string, more: object = {}, env: Record<string, string> = {}) {
  const path = await bench.file(
    'bandit.yaml',
    JSON.stringify({ ...config, journal: './journal.db', ...more }),
  )
  const run = startGateway({ config: path, store, tmp: await bench.dir(), env })
  bench.atEnd(() => run.end())
  const code = await run.exited
  await run.closed
  return { code, words: run.stderr().trim() }
}

const full: Scenario = {
  id: 'D9',
  does: 'fills Redis up to its maxmemory under 150 rewards a second, and starts a gateway on one that evicts keys',
  expects:
    'no prediction fails, rewards are journalled and counted once when there is room; evicting Redis: refused',
  async run(bench) {
    const { server, admin, gateway } = await onRedis(bench)
    const { sent, seen } = await hurtUnderRewards(bench, gateway, async (answered) => {
      await admin.config('SET', 'maxmemory', '1')
      const waits = () => answered.some(({ status }) => status === 202)
      await waitUntil(waits, { what: 'rewards are journalled', timeoutMs: 10_000 })
      await sleep(500)
      await admin.config('SET', 'maxmemory', '0')
    })
    demand(
      sent.some(({ status }) => status === 202),
      'nothing was journalled',
    )
    await admin.config('SET', 'maxmemory', '100mb')
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const { code, words } = await refusal(bench, server.url)
    demand(code === 1 && /set maxmemory-policy to noeviction/.test(words), `it ended with ${code}: ${words}`)
    return `${seen}; refused to start on allkeys-lru`
  },
}

const neighbour: Scenario = {
  id: 'D11',
  does: 'lets a neighbour run scripts of 300 ms, ten in a row, under 150 rewards a second',
  expects: 'no prediction fails or waits for them; every reward once, late answers do no harm',
  byHand: true,
  async run(bench) {
    const { admin, gateway } = await onRedis(bench)
    const busy =
      "local function ms() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end local till = ms() + 300 while ms() < till do end return 1"
    const answers: Answer[] = []
    const { sent, seen } = await hurtUnderRewards(bench, gateway, async () => {
      const load = bench.load(gateway.origin, {
        path: '/predict/digits',
        body: () => ({ inputs: { pixels: [Array.from({ length: 64 }, () => 0)] } }),
        perSecond: 20,
      })
      for (let script = 0; script < 10; script++) {
        // As scripts they are no longer than a script of TIME alone may be.
        await admin.eval(busy, 0)
        await sleep(50)
      }
      await load.stop()
      answers.push(...load.answers)
    })
    demand(sent.length > 0, 'nothing was sent')
    const failed = answers.filter(({ status }) => status !== 200).length
    demand(failed === 0, `${failed} predictions failed`)
    return `${seen}; of ${answers.length} predictions meanwhile 99 % within ${Math.round(quantileMs(answers, 0.99))} ms`
  },
}

const strangers: Scenario = {
  id: 'D14',
  does: 'starts with a wrong password, without rights and without TLS; takes the rights away under load',
  expects:
    'each start ends with what to mend and without the secret; at run time rewards wait and count once',
  async run(bench) {
    const server = await bench.redis({ args: ['--requirepass', 'open-sesame'] })
    const admin = new Redis(server.url.replace('//', '//:open-sesame@'))
    bench.atEnd(() => admin.disconnect())
    await admin.call(
      'ACL',
      'SETUSER',
      'mute',
      'on',
      '>swordfish',
      '~*',
      '+ping',
      '+info',
      '+auth',
      '+hello',
      '+select',
    )
    const as = (user: string) => server.url.replace('//', `//${user}@`)
    const starts = [
      [as('default'), { BANDIT_REDIS_PASSWORD: 'swordfish' }, /refuses user or password/],
      [server.url, {}, /set BANDIT_REDIS_PASSWORD/],
      [as('mute'), { BANDIT_REDIS_PASSWORD: 'swordfish' }, /may not do what the store needs/],
      [
        server.url.replace('redis:', 'rediss:'),
        { BANDIT_REDIS_PASSWORD: 'open-sesame' },
        /Redis does not answer/,
      ],
    ] as const
    const refused = starts.map(async ([store, env, words]) => {
      const said = await refusal(bench, store, {}, env)
      demand(said.code === 1 && words.test(said.words), `${store} ended with ${said.code}: ${said.words}`)
      demand(!/swordfish|open-sesame/.test(said.words), `it tells the secret: ${said.words}`)
    })
    await Promise.all(refused)
    await admin.call('ACL', 'SETUSER', 'gate', 'on', '>swordfish', '~*', '+@all')
    const env = { BANDIT_REDIS_PASSWORD: 'swordfish' }
    const gateway = await bench.gateway({ config, store: as('gate'), env })
    const { sent, seen } = await hurtUnderRewards(bench, gateway, async (answered) => {
      await admin.call('ACL', 'SETUSER', 'gate', '-eval', '-evalsha')
      const waits = () => answered.filter(({ status }) => status === 202).length > 20
      await waitUntil(waits, { what: 'rewards are journalled', timeoutMs: 10_000 })
      await admin.call('ACL', 'SETUSER', 'gate', '+@all')
    })
    demand(
      sent.some(({ status }) => status === 202),
      'nothing was journalled',
    )
    return `${starts.length} starts refused in words; ${seen}`
  },
}

/** As many events as one prediction takes. */
const events = 8
const asked = 800

const crowded: Scenario = {
  id: 'D15',
  does: `kills Redis and sends ${asked * events} pieces of feedback to a journal of 1 MiB`,
  expects:
    '202 until it is full, then 503 with Retry-After; every 202 counts once when Redis is back, nothing else',
  byHand: true,
  async run(bench) {
    const dir = await bench.dir()
    const args = ['--appendonly', 'yes', '--appendfsync', 'always']
    const server = await bench.redis({ dir, args })
    const gateway = await bench.gateway({ config: { ...config, journal_size: '1MiB' }, store: server.url })
    const ids: string[] = []
    const load = bench.load(gateway.origin, {
      path: predictPath,
      body: imageBody,
      perSecond: 300,
      onAnswer: async ({ body }) => void ids.push((body as { readonly prediction_id: string }).prediction_id),
    })
    await waitUntil(() => ids.length >= asked, { what: 'predictions are there', timeoutMs: 20_000 })
    await load.stop()
    process.kill(server.pid, 'SIGKILL')
    await server.stop()
    const told: { readonly id: string; readonly status: number; readonly wait: unknown }[] = []
    const tell = pLimit(16)
    const lines = ids
      .slice(0, asked)
      .flatMap((id) => Array.from({ length: events }, (_, at) => [id, at] as const))
    await Promise.all(
      lines.map(([id, at]) =>
        tell(async () => {
          const line = { prediction_id: id, reward: 1, event_id: `event-${at}` }
          const { status, headers } = await gateway.post('/feedback', line)
          told.push({ id, status, wait: headers['retry-after'] })
        }),
      ),
    )
    const answers = countBy(told, ({ status }) => status)
    const refused = told.filter(({ status }) => status !== 202)
    demand(refused.length > 0 && refused.length < told.length, answers)
    demand(
      refused.every(({ status, wait }) => status === 503 && wait !== undefined),
      answers,
    )
    const kept = new Set(told.filter(({ status }) => status === 202).map(({ id }) => id)).size
    await bench.redis({ dir, args, port: server.port })
    const counted = await countedOf(gateway, kept)
    demand(counted === kept, `${kept} predictions with kept rewards, ${counted} counted`)
    return `${answers}; ${kept} predictions had a reward that was kept, each counted once`
  },
}

export const stores: readonly Scenario[] = [full, neighbour, strangers, crowded]
