import { runContextDefaultsContract } from '../contract/context-defaults.ts'
import { sqliteFixture } from './store/sqlite/sqlite-fixture.ts'

runContextDefaultsContract({ name: 'SQLite', newFixture: sqliteFixture })
