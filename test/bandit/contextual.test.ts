import { runContextualContract } from '../contract/contextual.ts'
import { sqliteFixture } from './store/sqlite/sqlite-fixture.ts'

runContextualContract({ name: 'SQLite', newFixture: sqliteFixture })
