import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import type { StoreFixture } from '../../../contract/store/fixture.ts'
import { dumpSqlite } from '../../../support/sqlite-dump.ts'
import { tempDir } from '../../../support/temp-dir.ts'

/** A fresh file for one test. */
export async function sqliteFixture(): Promise<StoreFixture & { readonly path: string }> {
  const path = join(await tempDir(), 'bandit.db')
  return {
    path,
    async newStore() {
      const store = createSqliteStore({ path, clock: Date.now })
      onTestFinished(() => store.close())
      return store
    },
    dump: async () => dumpSqlite(path),
  }
}
