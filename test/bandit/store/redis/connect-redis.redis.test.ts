import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { openStore } from '../../../../bandit/store/open-store.ts'
import { createRedisStore } from '../../../../bandit/store/redis/redis.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'

const connect = (url: string, random?: () => number) => {
  const redis = connectRedis(url, random && { random })
  if (!(redis instanceof Redis)) throw new Error('it is a cluster')
  onTestFinished(() => redis.disconnect())
  return redis
}

test('the address says where, as whom, which database and whether over TLS', () => {
  const { options } = connect('rediss://joe:s%40lt@127.0.0.1:1/3')
  expect(options).toMatchObject({ host: '127.0.0.1', port: 1, username: 'joe', password: 's@lt', db: 3 })
  expect(options.tls).toBeTruthy()
  expect(connect('redis://127.0.0.1:1').options.tls).toBeFalsy()
})

test('a server without TLS behind a TLS address is unavailable, not waited for', async () => {
  const store = openStore(process.env.REDIS_URL!.replace('redis:', 'rediss:'), { clock: Date.now })
  onTestFinished(() => store.close())
  const startedAt = performance.now()
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)
  expect(performance.now() - startedAt).toBeLessThan(1500)
})

test('attempts to reconnect become rarer, up to every two seconds, and are never in step', () => {
  const delays = (random: number) =>
    [1, 2, 5, 10, 1000].map((attempt) =>
      connect('redis://127.0.0.1:1', () => random).options.retryStrategy!(attempt),
    )
  expect(delays(0)).toEqual([50, 100, 800, 1000, 1000])
  expect(delays(1)).toEqual([100, 200, 1600, 2000, 2000])
})

test('openStore opens what the address names', async () => {
  const store = openStore(process.env.REDIS_URL!, { clock: Date.now })
  onTestFinished(() => store.close())
  expect(store.kind).toBe('redis')
  await store.ping()
})

test('the first calls of a start wait for the connection', async () => {
  const newStore = () => createRedisStore({ redis: connect(process.env.REDIS_URL!), prefix })
  const prefix = `bandit-test-${randomUUID()}`
  expect(await newStore().signingSecret('first')).toBe('first')
  expect(await newStore().signingSecret('second')).toBe('first')
})

test('an address of another kind is refused', () => {
  expect(() => connectRedis('http://127.0.0.1:6379')).toThrow(
    'a Redis address begins with one of redis://, rediss://, redis-sentinel://',
  )
})
