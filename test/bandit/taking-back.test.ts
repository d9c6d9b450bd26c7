import { runTakingBackContract } from '../contract/taking-back.ts'
import { sqliteFixture } from './store/sqlite-fixture.ts'

runTakingBackContract({ name: 'SQLite', newFixture: sqliteFixture })
