import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSqliteStore } from '../../../bandit/store/sqlite.ts'
import { runStoreContract } from '../../contract/store.ts'
import { dumpSqlite } from '../../support/sqlite-dump.ts'
import { tempDir } from '../../support/temp-dir.ts'

runStoreContract({
  name: 'SQLite',
  async newFixture() {
    const path = join(await tempDir(), 'bandit.db')
    return {
      async newStore() {
        const store = createSqliteStore({ path, clock: Date.now })
        onTestFinished(() => store.close())
        return store
      },
      dump: async () => dumpSqlite(path),
    }
  },
})
