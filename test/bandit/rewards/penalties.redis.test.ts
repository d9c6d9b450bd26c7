import { runPenaltiesContract } from '../../contract/penalties.ts'
import { redisFixture } from '../store/redis/redis-fixture.ts'

runPenaltiesContract({ name: 'Redis', newFixture: async () => redisFixture() })
