import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import type { RedisClient } from '../../../../bandit/store/redis/redis-client.ts'
import { createRedisStore } from '../../../../bandit/store/redis/redis.ts'
import type { Store } from '../../../../bandit/store/store.ts'
import { dumpRedis } from '../../../support/redis-dump.ts'

/** Data of a test's own on the server: every key begins with a random prefix. */
export const redisFixture = (
  url = process.env.REDIS_URL!,
  connectAs: () => RedisClient = () => connectRedis(url),
) => {
  const prefix = `bandit-test-${randomUUID()}`
  const connect = <T extends RedisClient>(redis: T): T => {
    onTestFinished(() => redis.disconnect())
    return redis
  }
  return {
    prefix,
    /** A client for looking and meddling, which waits for its connection. */
    admin: () => connect(new Redis(url).on('error', () => undefined)),
    async newStore(options: { readonly journalWaitMs?: number } = {}): Promise<Store> {
      const store = createRedisStore({ redis: connect(connectAs()), prefix, ...options })
      onTestFinished(() => store.close())
      await store.ping()
      return store
    },
    dump: () => dumpRedis(url, prefix),
  }
}
