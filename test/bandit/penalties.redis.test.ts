import { runPenaltiesContract } from '../contract/penalties.ts'
import { redisFixture } from './store/redis-fixture.ts'

runPenaltiesContract({ name: 'Redis', newFixture: async () => redisFixture() })
