import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createAgent } from '../../bandit/agent.ts'
import { noForgetting } from '../../bandit/beliefs/forgetting.ts'
import { createPolicy } from '../../bandit/policies/by-name.ts'
import { uniformPrior } from '../../bandit/beliefs/posterior.ts'
import type { StateLoss } from '../../bandit/state-loss.ts'
import { rewardDelta } from '../../bandit/beliefs/statistics.ts'
import { connectRedis } from '../../bandit/store/redis/connect-redis.ts'
import { createRedisStore } from '../../bandit/store/redis/redis.ts'

const times = { windowMs: 60_000, bucketMs: 1000 }

/** A gateway that has learned three rewards of arm a, and the way to empty its store. */
async function newShop() {
  const prefix = `test-${randomUUID()}`
  const store = createRedisStore({ redis: connectRedis(process.env.REDIS_URL!), prefix })
  const admin = new Redis(process.env.REDIS_URL!)
  onTestFinished(async () => {
    await store.close()
    await admin.quit()
  })
  await store.ping()
  const endpoint = store.endpoint({ endpoint: 'shop', generation: '00000000', ...times })
  const losses: StateLoss[] = []
  const agent = createAgent({
    endpoint: 'shop',
    generation: '00000000',
    arms: ['a', 'b'].map((name) => ({ name, minShare: 0 })),
    policy: createPolicy({ name: 'thompson' }),
    prior: uniformPrior,
    store: endpoint,
    gateway: 'one',
    clock: Date.now,
    ...times,
    forgetting: noForgetting,
    defaultMicro: undefined,
    staleMs: 5000,
    stateLost: (loss) => void losses.push(loss),
  })
  let said = 0
  const reward = async (arm: string, count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      said += 1
      const decidedAt = Date.now()
      const place = { decidedAt, bucket: Math.floor(decidedAt / times.bucketMs), epoch: 0 }
      const key = `key-${String(said).padStart(12, '0')}`
      const delta = rewardDelta(1e6, 1)
      await endpoint.applyReward({ key, arm, ...place, expectedMark: '', mark: 'x', delta })
    }
  }
  await reward('a', 3)
  await agent.synchronise()
  return {
    endpoint,
    losses,
    reward,
    /** Predictions that were answered, and the pulls of all arms that the gateway knows of then. */
    answer: async (count: number) => {
      for (let i = 0; i < count; i += 1)
        agent.answered(agent.decide(`decision-${String(i).padStart(7, '0')}`)!)
      await agent.synchronise()
    },
    pulls: async () => {
      // What was lost is found by one exchange and counted again by the next.
      await agent.synchronise()
      await agent.synchronise()
      const arms = [...(await endpoint.readState())!.arms.values()]
      const pending = agent.view().arms.reduce((sum, arm) => sum + arm.pending, 0)
      return [arms.reduce((sum, { totals }) => sum + totals.pulls, 0), pending]
    },
    empty: async () => {
      const keys = await admin.keys(`${prefix}:*`)
      expect(keys.length).toBeGreaterThan(3)
      await admin.del(keys)
    },
    /** What is held, as `GET /endpoints/{endpoint}` shows it. */
    holding: () => agent.view().holding,
    /** Rewarded decisions of each arm that the gateway decides by after one more exchange with the store. */
    known: async () => {
      await agent.synchronise()
      return agent.view().arms.map(({ rewarded }) => rewarded)
    },
  }
}

test('what was learned stands when the store is emptied, though it fills again, until it is forgotten', async () => {
  const { endpoint, losses, reward, empty, known, holding } = await newShop()
  expect(holding()).toBeUndefined()
  await empty()
  expect(await known()).toEqual([3, 0])
  await reward('b', 2)
  expect(await known()).toEqual([3, 0])
  expect(holding()).toEqual({ rewardedBefore: 3, rewarded: 2 })
  expect(await known()).toEqual([3, 0])
  expect(losses).toEqual([{ rewardedBefore: 3, rewarded: 0 }])
  await endpoint.descend('bare')
  expect(await known()).toEqual([3, 0])
  await endpoint.descend('forgotten')
  expect(await known()).toEqual([0, 2])
  expect(holding()).toBeUndefined()
  await reward('b', 1)
  expect(await known()).toEqual([0, 3])
  expect(losses).toHaveLength(1)
})

test('an emptied store that has as much again is taken at once', async () => {
  const { reward, empty, known } = await newShop()
  await empty()
  await known()
  await reward('a', 3)
  expect(await known()).toEqual([3, 0])
  await reward('b', 1)
  expect(await known()).toEqual([3, 1])
})

test('a checkpoint that is given back is taken with what came meanwhile', async () => {
  const { endpoint, losses, reward, empty, known } = await newShop()
  const checkpoint = await endpoint.dump()
  await empty()
  await reward('b', 1)
  expect(await known()).toEqual([3, 0])
  expect(await endpoint.restore(checkpoint)).toBe('restored')
  expect(await known()).toEqual([3, 1])
  await empty()
  expect(await known()).toEqual([3, 1])
  expect(losses).toHaveLength(2)
})

test('pulls since the checkpoint are counted again, and those within are not', async () => {
  const { endpoint, answer, pulls, empty } = await newShop()
  await answer(5)
  const checkpoint = await endpoint.dump()
  await answer(7)
  expect(await pulls()).toEqual([12, 9])
  await empty()
  await answer(2)
  await endpoint.restore(checkpoint)
  expect(await pulls()).toEqual([14, 11])
  expect(await pulls()).toEqual([14, 11])
  await empty()
  await endpoint.restore(checkpoint)
  expect(await pulls()).toEqual([14, 11])
})
