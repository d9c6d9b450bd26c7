import { redisFixture } from './store/redis-fixture.ts'
import { emptiedHistories } from '../contract/emptied/histories.ts'

emptiedHistories(async () => {
  const { prefix, admin, newStore } = redisFixture()
  const client = admin()
  const store = await newStore()
  return {
    store: () => store,
    async empty() {
      const keys = await client.keys(`${prefix}*`)
      if (keys.length > 0) await client.del(keys)
    },
  }
}, 12)
