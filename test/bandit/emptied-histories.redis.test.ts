import { redisFixture } from './store/redis/redis-fixture.ts'
import { emptiedHistories } from '../contract/emptied/histories.ts'

emptiedHistories(async () => {
  const fixture = redisFixture()
  const client = fixture.admin()
  const store = await fixture.newStore()
  return {
    store: () => store,
    async empty() {
      const keys = await client.keys(`${fixture.prefix}*`)
      if (keys.length > 0) await client.del(keys)
    },
  }
}, 12)
