import { runContextDefaultsContract } from '../contract/context-defaults.ts'
import { redisFixture } from './store/redis/redis-fixture.ts'

runContextDefaultsContract({ name: 'Redis', newFixture: async () => redisFixture() })
