import { runContextDefaultsContract } from '../contract/context-defaults.ts'
import { sqliteFixture } from './store/sqlite-fixture.ts'

runContextDefaultsContract({ name: 'SQLite', newFixture: sqliteFixture })
