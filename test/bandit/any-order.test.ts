import { runAnyOrderContract } from '../contract/any-order.ts'
import { sqliteFixture } from './store/sqlite/sqlite-fixture.ts'

runAnyOrderContract({ name: 'SQLite', newFixture: sqliteFixture, runs: 80 })
