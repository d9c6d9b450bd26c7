import { onTestFinished, expect, test } from 'vitest'
import { createPredictionIds } from '../../bandit/index.ts'
import { openStore } from '../../bandit/store/open-store.ts'
import { createSecretKeeper } from '../../gateway/secret-keeper.ts'
import { decisionOf } from '../bandit/journal/shop.ts'
import { startRedis } from '../support/start-redis.ts'
import { Redis } from 'ioredis'

const newRedis = async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  return { server, admin }
}

/** What a gateway has of secrets, from its start on. */
const startGateway = async (url: string, proposed: string) => {
  const store = openStore(url, { clock: Date.now })
  onTestFinished(() => store.close())
  const key = { id: 0, secret: await store.signingSecret(proposed) }
  const ids = createPredictionIds([key])
  const world = { accepted: 0 }
  const keep = createSecretKeeper({ store, key, ids, accepted: () => void (world.accepted += 1) })
  return { ids, keep, world, secret: key.secret }
}

test('after FLUSHALL the gateways that run give their secret back before another one starts', async () => {
  const { server, admin } = await newRedis()
  const [one, other] = [await startGateway(server.url, 's1'), await startGateway(server.url, 's2')]
  await admin.flushall()
  await Promise.all([one.keep(), other.keep()])
  const late = await startGateway(server.url, 's3')
  expect([one.secret, other.secret, late.secret]).toEqual(['s1', 's1', 's1'])
  expect([one.world.accepted, other.world.accepted]).toEqual([0, 0])
})

test('a gateway that starts on an emptied store and those that run verify each other’s ids', async () => {
  const { server, admin } = await newRedis()
  const old = await startGateway(server.url, 's1')
  await admin.flushall()
  const late = await startGateway(server.url, 's2')
  const ids = [old, late].map((gateway) => gateway.ids.sign(decisionOf(1, 'a', Date.now())))
  expect(late.ids.verify(ids[0]!)).toBeUndefined()
  for (const gateway of [old, late, old]) await gateway.keep()
  for (const gateway of [old, late])
    for (const id of ids) expect(gateway.ids.verify(id)).toMatchObject({ endpoint: 'shop', arm: 'a' })
  expect([old.world.accepted, late.world.accepted]).toEqual([1, 1])
  const third = await startGateway(server.url, 's3')
  expect(third.secret).toBe('s2')
  await third.keep()
  expect(third.ids.verify(ids[0]!)).toBeDefined()
  const [id] = ids
  const flipped = id!.at(-5) === 'A' ? 'B' : 'A'
  expect(third.ids.verify(`${id!.slice(0, -5)}${flipped}${id!.slice(-4)}`)).toBeUndefined()
})

test('a store that is away is no fault', async () => {
  const { server } = await newRedis()
  const gateway = await startGateway(server.url, 's1')
  await server.stop()
  await expect(gateway.keep()).resolves.toBeUndefined()
})
