import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { runStoreContract } from '../../../contract/store.ts'
import { startRedis, type RedisServer } from '../../../support/start-redis.ts'
import { redisFixture } from './redis-fixture.ts'

const acl = readFileSync(new URL('../../../../bandit/store/redis/redis.acl', import.meta.url), 'utf8')
/** As it is written, but for the prefix that tests put their keys under, and with somebody who may look. */
const user = /^user gateway (.*)$/m.exec(acl)![1]!.replace('~bandit:*', '~bandit-test-*')

let server: RedisServer
beforeAll(async () => {
  server = await startRedis({
    args: [
      '--user',
      'gateway',
      ...user.split(' '),
      '--user',
      'tester',
      'on',
      '>tester',
      '~*',
      '&*',
      '+@all',
      '--user',
      'default',
      'off',
    ],
  })
})
afterAll(() => server.stop())

const as = (login: string) => server.url.replace('//', `//${login}@`)

describe('as the user of redis.acl', () => {
  runStoreContract({
    name: 'Redis',
    newFixture: async () => redisFixture(as('tester:tester'), () => connectRedis(as('gateway:change-me'))),
  })

  test.each([
    ['other keys', (redis: Redis) => redis.get('somebody-elses')],
    ['other keys from within a script', (redis: Redis) => redis.eval("return redis.call('GET', 'other')", 0)],
    ['dropping everything', (redis: Redis) => redis.flushall()],
    ['listing keys', (redis: Redis) => redis.keys('*')],
    ['changing settings', (redis: Redis) => redis.config('SET', 'maxmemory', '1')],
    ['reading settings', (redis: Redis) => redis.config('GET', 'requirepass')],
    ['looking at users', (redis: Redis) => redis.acl('LIST')],
    ['loading a dump', (redis: Redis) => redis.restore('bandit-test-x', 0, 'x')],
    ['stopping the server', (redis: Redis) => redis.shutdown()],
  ])('%s is refused', async (_what, attempt) => {
    const redis = new Redis(as('gateway:change-me'), { retryStrategy: () => null })
    await expect(attempt(redis)).rejects.toThrow(/NOPERM|No permissions|can't access|no permissions/i)
    redis.disconnect()
  })
})
