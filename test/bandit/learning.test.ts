import { runLearningContract } from '../contract/learning.ts'
import { sqliteFixture } from './store/sqlite/sqlite-fixture.ts'

runLearningContract({ name: 'SQLite', newFixture: sqliteFixture })
