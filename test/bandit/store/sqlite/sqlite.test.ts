import { runStoreContract } from '../../../contract/store.ts'
import { sqliteFixture } from './sqlite-fixture.ts'

runStoreContract({ name: 'SQLite', newFixture: sqliteFixture })
