import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createPredictionIds } from '../../../bandit/index.ts'
import { parseConfig } from '../../../gateway/config/parse-config.ts'
import { createLogger } from '../../../gateway/telemetry/logger.ts'
import { wireGateway } from '../../../gateway/wiring/wire-gateway.ts'
import { startRedis } from '../../support/start-redis.ts'
import { tempDir } from '../../support/temp-dir.ts'

const hourMs = 3_600_000
const key = { id: 1, secret: 'a-secret-of-the-tests-that-is-long-enough' }
const ids = createPredictionIds([key])
const now = Date.now.bind(Date)

/** A whole gateway on a Redis, on a machine whose clock is so far ahead. */
async function start(aheadMs: number) {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const text = JSON.stringify({
    store: server.url,
    journal: './journal.db',
    endpoints: { shop: { arms: { only: { value: 1 } }, reward: { window: '1h' } } },
  })
  const parsed = parseConfig(text, join(await tempDir(), 'bandit.yaml'))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs)
  onTestFinished(() => clock.mockRestore())
  const lines: string[] = []
  const gateway = await wireGateway({
    config: parsed.config,
    environment: {
      signingKeys: [key],
      apiKeys: undefined,
      redisPassword: undefined,
      sentinelPassword: undefined,
      logLevel: undefined,
      openTelemetry: {},
    },
    logger: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  })
  onTestFinished(() => gateway.close())
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await gateway.app.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, string>> }
  }
  const metrics = async () => (await gateway.app.request('/metrics')).text()
  return { post, metrics, lines }
}

test.each([2, -2])(
  'a gateway whose clock is %i h ahead dates and accepts by that of Redis',
  async (hours) => {
    const { post, metrics, lines } = await start(hours * hourMs)
    const before = now()
    const { prediction_id = '' } = (await post('/decide/shop', {})).body
    const { decidedAt, ...claims } = ids.verify(prediction_id)!
    // It is known to half of a round trip, however long that takes here.
    expect(decidedAt).toBeGreaterThan(before - 30_000)
    expect(decidedAt).toBeLessThan(now() + 30_000)

    // Made by a gateway whose clock is right, half an hour ago, or far from it.
    const made = (agoMs: number) => ids.sign({ ...claims, decidedAt: now() - agoMs, policy: 'uniform' })
    const say = (predictionId: string) => post('/feedback', { prediction_id: predictionId, reward: 1 })
    expect(await say(made(hourMs / 2))).toMatchObject({ status: 200, body: { status: 'applied' } })
    expect(await say(made(hourMs * 1.5))).toMatchObject({ status: 410 })
    const early = await say(made(-hourMs))
    expect(early).toMatchObject({ status: 422, body: { code: 'invalid_feedback' } })
    expect(early.body['detail']).toMatch(/ s ahead of the store's clock/)

    const [, offset] = /^bandit_clock_offset_seconds (\S+)$/m.exec(await metrics())!
    expect(Math.abs(Number(offset) - hours * 3600)).toBeLessThan(30)
    const told = lines.filter((line) => line.includes('"kind":"clock_wrong"'))
    expect(told).toHaveLength(1)
  },
)
