import { runTakingBackContract } from '../../contract/taking-back.ts'
import { sqliteFixture } from '../store/sqlite/sqlite-fixture.ts'

runTakingBackContract({ name: 'SQLite', newFixture: sqliteFixture })
