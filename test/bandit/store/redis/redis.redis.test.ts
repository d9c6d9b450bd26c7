import { runStoreContract } from '../../../contract/store.ts'
import { redisFixture } from './redis-fixture.ts'

runStoreContract({ name: 'Redis', newFixture: async () => redisFixture() })
