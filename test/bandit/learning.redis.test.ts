import { runLearningContract } from '../contract/learning.ts'
import { redisFixture } from './store/redis/redis-fixture.ts'

runLearningContract({ name: 'Redis', newFixture: async () => redisFixture() })
