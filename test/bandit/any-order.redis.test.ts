import { runAnyOrderContract } from '../contract/any-order.ts'
import { redisFixture } from './store/redis/redis-fixture.ts'

runAnyOrderContract({ name: 'Redis', newFixture: async () => redisFixture(), runs: 80 })
