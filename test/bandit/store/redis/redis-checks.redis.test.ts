import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { checkServers } from '../../../../bandit/store/redis/redis-checks.ts'
import type { RedisClient } from '../../../../bandit/store/redis/redis-client.ts'
import { createRedisStore } from '../../../../bandit/store/redis/redis.ts'
import { startRedis } from '../../../support/start-redis.ts'
import { reward, settings, sumsOf, keyOf } from '../../../contract/store/fixture.ts'

const open = async (rights: readonly string[]) => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  await admin.acl('SETUSER', 'joe', 'on', 'nopass', '~*', '+@all', ...rights)
  const store = createRedisStore({ redis: connectRedis(server.url.replace('//', '//joe:x@')) })
  onTestFinished(() => store.close())
  return { admin, store, endpoint: store.endpoint(settings) }
}

test('a proxy or access list that allows EVAL alone is no hindrance', async () => {
  const { store, endpoint, admin } = await open(['-evalsha', '-script'])
  await store.ping()
  for (const number of [1, 2, 3])
    expect(await endpoint.applyReward(reward({ key: keyOf(number) }))).toMatchObject({ status: 'applied' })
  expect(sumsOf(await endpoint.readState(), 'a')?.[0]).toBe(3)
  await admin.script('FLUSH')
  expect(await endpoint.applyReward(reward({ key: keyOf(4) }))).toMatchObject({ status: 'applied' })
})

test('a user who may run no scripts is told so', async () => {
  const { store, endpoint } = await open(['-eval', '-evalsha'])
  await store.ping()
  await expect(endpoint.readState()).rejects.toThrow(
    /the Redis user may not do what the store needs: grant it/,
  )
})

test('a database that the server does not have is told of, and nothing is written to another one', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const store = createRedisStore({ redis: connectRedis(`${server.url}/99`) })
  onTestFinished(() => store.close())
  await expect(store.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('this Redis has no database of that number'),
  })
  await expect(store.endpoint(settings).applyReward(reward({ key: keyOf(1) }))).rejects.toThrow('database')
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  expect(await admin.dbsize()).toBe(0)
})

test('a server that is too old is named with its version', async () => {
  const old = { info: async (part: string) => (part === 'server' ? 'redis_version:4.0.14\r\n' : '') }
  await expect(checkServers(old as unknown as RedisClient)).rejects.toThrow(/version 4\.0\.14: bring it to 5/)
})
