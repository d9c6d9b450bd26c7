import type { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { connectRedis } from '../../../../bandit/store/redis/connect-redis.ts'
import { keyOf, reward, settings } from '../../../contract/store/fixture.ts'
import { redisFixture } from './redis-fixture.ts'

const open = async () => {
  const redis = connectRedis(process.env.REDIS_URL!) as Redis
  const fixture = redisFixture(undefined, () => redis)
  return { redis, endpoint: (await fixture.newStore()).endpoint(settings) }
}

test('commands of one turn leave in one write, and none waits for another turn', async () => {
  const { redis, endpoint } = await open()
  await endpoint.applyReward(reward())
  const { stream } = redis
  const writes = [vi.spyOn(stream, '_write'), vi.spyOn(stream, '_writev' as '_write')]
  const written = () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)

  const many = Array.from({ length: 50 }, (_, i) => endpoint.applyReward(reward({ key: keyOf(i + 2) })))
  expect(written()).toBe(0)
  await new Promise<void>((resolve) => process.nextTick(resolve))
  expect(written()).toBe(1)
  expect((await Promise.all(many)).every(({ status }) => status === 'applied')).toBe(true)

  await endpoint.readDecision('none')
  expect(written()).toBe(2)
})

test('what was joined when its connection broke is refused, and later commands take the next one', async () => {
  const { redis, endpoint } = await open()
  const lost = endpoint.applyReward(reward())
  redis.stream.destroy()
  await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' })
  await expect
    .poll(() => endpoint.applyReward(reward({ key: keyOf(2) })).catch(() => undefined), { timeout: 5_000 })
    .toMatchObject({ status: 'applied' })
})
