import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { createRedisGuard, type RedisGuardDeps } from '../../../../gateway/security/outbound/redis-guard.ts'
import { startRedis } from '../../../support/start-redis.ts'
import { tempDir } from '../../../support/temp-dir.ts'
import { waitUntil } from '../../../support/wait-until.ts'

/** A client, what was told of connections that it may not make, and what became of the others. */
function connect(url: string, allow?: readonly string[], lookup?: RedisGuardDeps['lookup']) {
  const told: string[] = []
  const logger = { warn: ({ reason }: { reason: string }) => void told.push(reason) }
  const guard = createRedisGuard({ policy: { allow }, logger, ...(lookup && { lookup }) })
  const redis = connectRedis(url, { guard })
  onTestFinished(() => redis.disconnect())
  const refused = (reason: RegExp) =>
    waitUntil(() => told.some((each) => reason.test(each)), { what: 'it is refused', timeoutMs: 5000 })
  const answers = () =>
    waitUntil(() => redis.ping().catch(() => undefined), { what: 'it answers', timeoutMs: 5000 })
  return { redis, told, refused, answers }
}

const { port } = new URL(process.env.REDIS_URL!)
const leadsTo =
  (address: string): RedisGuardDeps['lookup'] =>
  (_host, done) =>
    done(null, [{ address, family: 4 }])

test('whoever may be called is, by name and by address', async () => {
  await connect(`redis://127.0.0.1:${port}`).answers()
  await connect(`redis://127.0.0.1:${port}`, ['127.0.0.1']).answers()
  await connect(`redis://features.test:${port}`, ['127.0.0.0/8'], leadsTo('127.0.0.1')).answers()
})

test('nobody else is, and each reason is told once', async () => {
  const unlisted = connect(`redis://127.0.0.1:${port}`, ['10.0.0.0/8'])
  await unlisted.refused(/^127\.0\.0\.1 is not on the list: add it or its network to outbound\.allow$/)
  const inside = connect(`redis://features.test:${port}`, ['features.test'], leadsTo('127.0.0.1'))
  await inside.refused(/^features\.test leads to 127\.0\.0\.1, which is private: add it/)
  const metadata = connect('redis://store.test:80', undefined, leadsTo('169.254.169.254'))
  await metadata.refused(/^store\.test leads to 169\.254\.169\.254, which nobody may call$/)
  // Some tries later.
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (const { redis, told } of [unlisted, inside, metadata]) {
    expect(told).toHaveLength(1)
    expect(redis.status).not.toBe('ready')
  }
})

test('nor a master that a Sentinel names', async () => {
  const dir = await tempDir()
  const path = join(dir, 'sentinel.conf')
  await writeFile(path, `sentinel monitor mymaster 127.0.0.1 ${port} 1\n`)
  const sentinel = await startRedis({ dir, sentinel: path })
  onTestFinished(() => sentinel.stop())
  const url = `redis-sentinel://127.0.0.1:${new URL(sentinel.url).port}/mymaster`
  const { redis, refused } = connect(url, ['10.0.0.0/8'])
  await refused(/^127\.0\.0\.1 is not on the list/)
  expect(redis.status).not.toBe('ready')
  await connect(url, ['127.0.0.1']).answers()
})
