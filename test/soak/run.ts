/**
 * `npm run soak -- --minutes 60`: predictions and feedback (a fifth of it sent twice, a twentieth never to be taken) through
 * one gateway on Redis for so long. Fails where anything has grown by more than a tenth between the tenth minute (a
 * third of the time, if that is less) and the end, or where the gateway's counts are not those of what was sent.
 */
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { createBench, type BenchGateway } from '../faults/bench/bench.ts'
import { digits, imageBody, predictPath } from '../faults/bench/digits.ts'
import { armsOf } from '../faults/bench/views.ts'
import { waitUntil } from '../support/wait-until.ts'
import { grown, readLevels, toRow, type Levels } from './levels.ts'

const perSecond = 100
const sampleEveryMs = 5_000
const settledAfterMs = 10 * 60_000

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const totalMs = Number(values.minutes) * 60_000
if (!(totalMs > 0)) throw new Error(`--minutes takes a number above 0, not ${values.minutes}`)
const { bench, end } = createBench()
const faults: string[] = []

/** Feedback by what it was answered: as clients saw it, and as the gateway counts it. */
const answered = new Map<string, number>()

/** Whether it was acknowledged for the first time, as far as its sender can know. */
async function tell(gateway: BenchGateway, feedback: object): Promise<boolean> {
  const { status, body } = await gateway.post('/feedback', feedback)
  const { status: outcome } = body as { readonly status: string | number }
  const key = typeof outcome === 'string' ? outcome : `refused ${status}`
  answered.set(key, (answered.get(key) ?? 0) + 1)
  return key === 'applied' || key === 'journalled'
}

try {
  const server = await bench.redis()
  const redis = new Redis(server.url)
  bench.atEnd(() => redis.disconnect())
  const gateway = await bench.gateway({
    // Marks and buckets of a window come and go within the first minutes. What the store could not take at once comes later
    // than that on a machine that is busy otherwise, and the marks wait for it.
    config: digits({
      models: ['logistic', 'tree'],
      endpoint: { reward: { window: '20s', retention: '1m' }, deadline: '5s' },
    }),
    store: server.url,
  })
  const failures = new Map<string, number>()
  let acknowledged = 0
  let asked = 0
  const load = bench.load(gateway.origin, {
    path: predictPath,
    body: imageBody,
    perSecond,
    keep: false,
    async onAnswer({ status, body }, index) {
      asked++
      if (status !== 200) {
        const reason = `${status} ${(body as { readonly code?: string } | undefined)?.code ?? ''}`
        return void failures.set(reason, (failures.get(reason) ?? 0) + 1)
      }
      const { prediction_id } = body as { readonly prediction_id: string }
      if (index % 20 === 0)
        await tell(gateway, { prediction_id: `${prediction_id.slice(0, -2)}xx`, reward: 1 })
      const feedback = { prediction_id, reward: index % 2 }
      const first = await tell(gateway, feedback)
      // One that is journalled is journalled again; its sender cannot know that it is the same.
      const again = index % 5 === 0 && (await tell(gateway, feedback))
      if (first || again) acknowledged++
    },
  })

  const startedAt = performance.now()
  const samples: Levels[] = []
  while (performance.now() - startedAt < totalMs) {
    await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
    const levels = await readLevels(gateway, redis, performance.now() - startedAt)
    samples.push(levels)
    console.log(toRow(levels))
  }
  await load.stop()
  faults.push(...grown(samples, Math.min(settledAfterMs, totalMs / 3)))
  for (const [reason, count] of failures) {
    const said = `${count} predictions were answered ${reason}`
    // Other work on the same machine may be an overload; anything else is not to be seen at all.
    if (reason === '503 overloaded' && count < 0.01 * asked) console.log(said)
    else faults.push(said)
  }

  await waitUntil(
    async () => {
      const arms = [...(await armsOf(gateway)).values()]
      return arms.reduce((sum, { rewarded }) => sum + rewarded, 0) >= acknowledged
    },
    { what: `${acknowledged} rewards are seen`, timeoutMs: 20_000 },
  ).catch((error: Error) => faults.push(error.message))
  const rewarded = [...(await armsOf(gateway)).values()].reduce((sum, arm) => sum + arm.rewarded, 0)
  const { text: metrics } = await gateway.call('/metrics')
  for (const line of metrics.split('\n'))
    if (/^bandit_journal_replayed|^bandit_overload|^bandit_predictions_refused/.test(line)) console.log(line)
  if (rewarded !== acknowledged) faults.push(`${acknowledged} were acknowledged, ${rewarded} are counted`)
  console.log(
    `feedback ${[...answered].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}; ${acknowledged} predictions with acknowledged feedback, ${rewarded} rewards counted`,
  )
} finally {
  await end()
}
console.log(faults.length === 0 ? `held for ${values.minutes} minutes` : `BROKEN: ${faults.join('; ')}`)
process.exitCode = faults.length === 0 ? 0 : 1
