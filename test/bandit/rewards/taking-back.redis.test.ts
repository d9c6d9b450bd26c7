import { runTakingBackContract } from '../../contract/taking-back.ts'
import { redisFixture } from '../store/redis/redis-fixture.ts'

runTakingBackContract({ name: 'Redis', newFixture: async () => redisFixture() })
