import { runContextualContract } from '../contract/contextual.ts'
import { redisFixture } from './store/redis/redis-fixture.ts'

runContextualContract({ name: 'Redis', newFixture: async () => redisFixture() })
