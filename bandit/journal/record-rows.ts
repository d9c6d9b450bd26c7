import type { Database } from '../store/sqlite/sqlite-database.ts'
import type { AwaitedRecord } from './journal.ts'

// until: ms since 1970
export const recordsTable = `
  CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;
`

/** Decision records that wait for the store, in the file of the journal. */
export interface RecordRows {
  insert(record: AwaitedRecord): number
  oldest(limit: number): (AwaitedRecord & { readonly id: number })[]
  remove(ids: readonly number[]): void
  count(): number
}

export function prepareRecordRows(database: Database): RecordRows {
  const insert = database.prepare('INSERT INTO records (endpoint, key, value, until) VALUES (?, ?, ?, ?)')
  const oldest = database.prepare('SELECT id, endpoint, key, value, until FROM records ORDER BY id LIMIT ?')
  const remove = database.prepare('DELETE FROM records WHERE id = ?')
  const count = database.prepare('SELECT count(*) AS records FROM records')
  return {
    insert: ({ endpoint, key, value, until }) =>
      Number(insert.run(endpoint, key, value, Math.trunc(until)).lastInsertRowid),
    oldest: (limit) => oldest.all(limit) as unknown as (AwaitedRecord & { id: number })[],
    remove(ids) {
      for (const id of ids) remove.run(id)
    },
    count: () => (count.get() as { records: number }).records,
  }
}
