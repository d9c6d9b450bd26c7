import { runEmptiedContract } from '../contract/any-order/emptied.ts'
import { redisFixture } from './store/redis/redis-fixture.ts'

runEmptiedContract(async () => {
  const fixture = redisFixture()
  const admin = fixture.admin()
  return {
    stores: await Promise.all([1, 2, 3].map(() => fixture.newStore())),
    async empty(endpoint) {
      const keys = await admin.keys(`${fixture.prefix}:{${endpoint}}:*`)
      if (keys.length > 0) await admin.del(keys)
    },
  }
}, 40)
