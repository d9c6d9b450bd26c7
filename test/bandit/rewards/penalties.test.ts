import { runPenaltiesContract } from '../../contract/penalties.ts'
import { sqliteFixture } from '../store/sqlite/sqlite-fixture.ts'

runPenaltiesContract({ name: 'SQLite', newFixture: sqliteFixture })
