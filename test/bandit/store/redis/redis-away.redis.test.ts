import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { createRedisStore } from '../../../../bandit/store/redis/redis.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'
import { keyOf, reward, settings, sumsOf } from '../../../contract/store/fixture.ts'
import { freePort } from '../../../support/free-port.ts'
import { type RedisOptions, startRedis } from '../../../support/start-redis.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { redisFixture } from './redis-fixture.ts'

/** A server of the test's own, which it may kill. */
const ownRedis = async (options: RedisOptions = {}) => {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

const openOn = async (url: string) => {
  const fixture = redisFixture(url)
  const store = await fixture.newStore()
  return { ...fixture, store, endpoint: store.endpoint(settings) }
}

/** How long it took until the store said that it is unavailable, ms. */
const timeToRefusal = async (ask: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await expect(ask()).rejects.toThrow(StoreUnavailable)
  return performance.now() - startedAt
}

const works = (ask: () => Promise<unknown>, what: string) =>
  waitUntil(() => ask().then(() => true), { what, timeoutMs: 10_000 })

test('a killed Redis is unavailable at once, and works again when it is back', async () => {
  const server = await ownRedis()
  const { store, endpoint } = await openOn(server.url)
  await endpoint.applyReward(reward())

  process.kill(server.pid, 'SIGKILL')
  const refusals = [timeToRefusal(() => endpoint.applyReward(reward({ key: keyOf(2) })))]
  refusals.push(
    timeToRefusal(() => endpoint.readState()),
    timeToRefusal(() => endpoint.readDecision('d')),
  )
  expect(Math.max(...(await Promise.all(refusals)))).toBeLessThan(1500)
  expect(await timeToRefusal(() => endpoint.applyReward(reward()))).toBeLessThan(300)
  await expect(store.ping()).rejects.toThrow(
    /Redis does not answer \((no connection|.*ECONN[A-Z]+.*)\): check that it runs/,
  )

  await server.stop()
  await ownRedis({ port: server.port })
  await works(() => store.ping(), 'Redis is back')
  expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'applied' })
}, 20_000)

test('a frozen Redis is unavailable in time, and what it did afterwards is done once', async () => {
  const server = await ownRedis()
  const { store, endpoint } = await openOn(server.url)
  await endpoint.applyReward(reward())

  process.kill(server.pid, 'SIGSTOP')
  try {
    expect(await timeToRefusal(() => endpoint.applyReward(reward({ key: keyOf(2) })))).toBeLessThan(900)
    expect(await timeToRefusal(() => store.ping())).toBeLessThan(1500)
  } finally {
    process.kill(server.pid, 'SIGCONT')
  }
  await works(() => store.ping(), 'Redis goes on')
  const again = await endpoint.applyReward(reward({ key: keyOf(2) }))
  expect(['applied', 'conflict']).toContain(again.status)
  expect(sumsOf(await endpoint.readState(), 'a')).toEqual([2, 500_000, 125_000])
}, 20_000)

test('a Redis that is away from the start is waited for', async () => {
  const port = await freePort()
  const lines: string[] = []
  const logger = { debug: (...parts: unknown[]) => lines.push(String(parts.at(-1))) }
  const store = createRedisStore({
    redis: connectRedis(`redis://127.0.0.1:${port}`, { logger }),
  })
  onTestFinished(() => store.close())
  await expect(store.ping()).rejects.toThrow(/Redis does not answer \(.*ECONNREFUSED/)
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)

  const server = await ownRedis({ port })
  await works(() => store.ping(), 'Redis is there')
  await server.stop()
  await works(() => timeToRefusal(() => store.ping()), 'Redis is gone')
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)
  expect(lines).toEqual([
    'the connection to Redis is away',
    'the connection to Redis is there',
    'the connection to Redis is away',
  ])
}, 20_000)

test('a store closes while its Redis is away', async () => {
  const store = createRedisStore({ redis: connectRedis(`redis://127.0.0.1:${await freePort()}`) })
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)
  await store.close()
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)
})

test('a wrong or missing password is named as the fault, and never told', async () => {
  const server = await ownRedis({ args: ['--requirepass', 'open-sesame'] })
  const told: string[] = []
  const log = (...parts: unknown[]) => void told.push(JSON.stringify(parts))
  const ping = async (login: string) => {
    const url = server.url.replace('//', `//${login}`)
    const redis = connectRedis(url, { logger: { debug: log } })
    const store = createRedisStore({ redis })
    onTestFinished(() => store.close())
    return store.ping().catch((error: Error) => {
      told.push(error.message)
      throw error
    })
  }
  await expect(ping(':swordfish@')).rejects.toThrow(/refuses user or password: mend the user/)
  await expect(ping('joe:swordfish@')).rejects.toThrow(/refuses user or password: mend the user/)
  await expect(ping('')).rejects.toThrow(/wants a password: set BANDIT_REDIS_PASSWORD/)
  await expect(ping(':open-sesame@')).resolves.toBeUndefined()
  expect(told.join()).not.toMatch(/swordfish|open-sesame/)
})

test('a full Redis is unavailable, and nothing is half written', async () => {
  const server = await ownRedis()
  const { store, endpoint, admin, dump } = await openOn(server.url)
  await endpoint.applyReward(reward())
  const before = await dump()
  const redis = admin()
  await redis.config('SET', 'maxmemory', '1')

  const pulls = { gateway: 'g', sequence: 1, counts: [{ arm: 'a', bucket: reward().bucket, pulls: 1 }] }
  await expect(endpoint.applyReward(reward({ key: keyOf(2) }))).rejects.toThrow(
    /this Redis is full: raise its maxmemory/,
  )
  await expect(endpoint.recordPulls(pulls)).rejects.toThrow(StoreUnavailable)
  await expect(endpoint.recordDecision('d', 'value', 1000)).rejects.toThrow(StoreUnavailable)
  await expect(endpoint.closeBucket({ bucket: reward().bucket, epoch: 7 })).rejects.toThrow(StoreUnavailable)
  expect(await dump()).toBe(before)
  expect(sumsOf(await endpoint.readState(), 'a')).toEqual([1, 250_000, 62_500])
  await store.ping()

  await redis.config('SET', 'maxmemory', '0')
  expect(await endpoint.applyReward(reward({ key: keyOf(2) }))).toMatchObject({ status: 'applied' })
})

test('a Redis that drops keys when it is full is refused', async () => {
  const server = await ownRedis({ args: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] })
  await expect(openOn(server.url)).rejects.toThrow(/set maxmemory-policy to noeviction/)
})

test('a replica is unavailable for writes, and works once it is made a master', async () => {
  const server = await ownRedis()
  const { endpoint, admin } = await openOn(server.url)
  const redis = admin()
  await redis.replicaof('127.0.0.1', await freePort())
  await expect(endpoint.applyReward(reward())).rejects.toThrow(/is a replica|Redis does not answer/)
  await expect(endpoint.applyReward(reward())).rejects.toThrow(StoreUnavailable)
  await redis.replicaof('NO', 'ONE')
  await works(() => endpoint.applyReward(reward()), 'it is a master')
})

test('the data has another name after a restart and after it vanished', async () => {
  const server = await ownRedis()
  const { endpoint, store, admin } = await openOn(server.url)
  const first = await endpoint.identity()
  await admin().flushall()
  const second = await endpoint.identity()
  expect(second).not.toBe(first)
  expect(await endpoint.identity()).toBe(second)

  await server.stop()
  await ownRedis({ port: server.port })
  await works(() => store.ping(), 'Redis is back')
  expect(await endpoint.identity()).not.toBe(second)
})
