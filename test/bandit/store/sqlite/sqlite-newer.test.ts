import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'
import { bucketContract } from '../../../contract/store/buckets.ts'
import { checkpointContract } from '../../../contract/store/checkpoints.ts'
import { controlsContract } from '../../../contract/store/controls.ts'
import { reward, settings, type StoreFixture } from '../../../contract/store/fixture.ts'
import { observedContract } from '../../../contract/store/observed.ts'
import { pullContract } from '../../../contract/store/pulls.ts'
import { recordContract } from '../../../contract/store/records.ts'
import { reversalContract } from '../../../contract/store/reversal.ts'
import { rewardContract } from '../../../contract/store/rewards.ts'
import { tempDir } from '../../../support/temp-dir.ts'
import { sqliteFixture } from './sqlite-fixture.ts'

/** What a release to come may do to the file while gateways of this one have it open. */
const addColumns = (path: string): void => {
  const database = new DatabaseSync(path, { timeout: 1000 })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const { name } of tables)
    database.exec(`ALTER TABLE ${String(name)} ADD COLUMN to_come TEXT NOT NULL DEFAULT 'unknown'`)
  database.close()
}

/** A fixture whose file gets its new columns as soon as a store has it open. */
async function migratedFixture(): Promise<StoreFixture> {
  const { path, ...fixture } = await sqliteFixture()
  let migrated = false
  return {
    ...fixture,
    async newStore() {
      const store = await fixture.newStore()
      if (!migrated) addColumns(path)
      migrated = true
      return store
    },
  }
}

describe('SQLite store that a newer release has migrated under way', () => {
  for (const contract of [rewardContract, reversalContract, observedContract, pullContract])
    contract(migratedFixture)
  for (const contract of [bucketContract, recordContract, controlsContract, checkpointContract])
    contract(migratedFixture)
})

test('what a newer release has written beside stays when a row is written again', async () => {
  const path = join(await tempDir(), 'bandit.db')
  const store = createSqliteStore({ path, clock: Date.now })
  onTestFinished(() => store.close())
  const opened = store.endpoint(settings)
  const flush = (sequence: number) => opened.recordPulls({ gateway: 'g', sequence, counts: [] })
  const control = (revision: number) => opened.writeControls(revision - 1, { revision, text: '{}' })
  await opened.applyReward(reward())
  await flush(1)
  await control(1)

  addColumns(path)
  const newer = new DatabaseSync(path)
  onTestFinished(() => newer.close())
  const tables = ['marks', 'statistics', 'flushes', 'controls', 'totals', 'endpoints']
  for (const table of tables) newer.exec(`UPDATE ${table} SET to_come = 'known'`)
  await opened.applyReward(reward({ expectedMark: 'first', mark: 'second' }))
  await flush(2)
  await control(2)

  expect(newer.prepare('SELECT mark FROM marks').all()).toEqual([{ mark: 'second' }])
  const kept = tables.map((table) => newer.prepare(`SELECT to_come FROM ${table}`).all())
  expect(kept).toEqual(tables.map(() => [{ to_come: 'known' }]))
})

test('a release that starts on what a newer one has migrated is refused, and says what to do', async () => {
  const path = join(await tempDir(), 'bandit.db')
  await createSqliteStore({ path, clock: Date.now }).close()
  const newer = new DatabaseSync(path)
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  const open = () => createSqliteStore({ path, clock: Date.now })
  expect(open).toThrow(StoreUnavailable)
  expect(open).toThrow(
    /a newer version of this program has written it: start that one, or name another file$/,
  )
})
