import type { Database } from '../store/sqlite/sqlite-database.ts'
import type { Stamp } from '../store/checkpoint.ts'
import type { Accepted, Entry, Kept, KeptRecord } from './journal.ts'
import { recordsTable } from './record-rows.ts'

/** "bndj" */
export const applicationId = 0x62_6e_64_6a

// settled_at: ms since 1970; record: the decision record as JSON
export const migrations = [
  `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    settled_at INTEGER,
    feedback TEXT NOT NULL,
    record TEXT
  ) STRICT;
  CREATE INDEX entries_by_settling ON entries (settled_at);

  CREATE TABLE identities (name TEXT PRIMARY KEY, identity TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
  `
  -- <born>:<version> of the store's data at which it was applied, of the newest data first
  ALTER TABLE entries ADD COLUMN stamps TEXT;
`,
  recordsTable,
]

/** All SQL of the journal. */
export interface JournalRows {
  insert(feedback: Accepted): number
  /** True if the entry was unsettled until now. */
  settle(id: number, at: number, kept: Kept): boolean
  /** True if the entry was there. */
  remove(id: number): boolean
  /** How many entries settled before that moment, the oldest first, are gone. */
  prune(before: number, limit: number): number
  count(): { readonly unsettled: number; readonly settled: number }
  unsettled(after: number, limit: number): Entry[]
  settled(after: number, limit: number): Entry[]
  identities(): Map<string, string>
  keepIdentity(name: string, identity: string): void
  usedBytes(): number
}

export function prepareRows(database: Database): JournalRows {
  const insert = database.prepare('INSERT INTO entries (feedback) VALUES (?)')
  const settle = database.prepare(
    `UPDATE entries SET settled_at = ?, record = coalesce(?, record), stamps = coalesce(?, stamps)
      WHERE id = ? AND settled_at IS NULL`,
  )
  const again = database.prepare(
    'UPDATE entries SET settled_at = ?, stamps = coalesce(?, stamps) WHERE id = ?',
  )
  const remove = database.prepare('DELETE FROM entries WHERE id = ?')
  const prune = database.prepare(
    'DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE settled_at < ? ORDER BY settled_at LIMIT ?)',
  )
  const count = database.prepare('SELECT count(*) AS entries, count(settled_at) AS settled FROM entries')
  const unsettled = database.prepare(
    'SELECT id, feedback, record, stamps FROM entries WHERE settled_at IS NULL AND id > ? ORDER BY id LIMIT ?',
  )
  const settled = database.prepare(
    'SELECT id, feedback, record, stamps FROM entries WHERE settled_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?',
  )
  const identities = database.prepare('SELECT name, identity FROM identities')
  const keepIdentity = database.prepare('REPLACE INTO identities (name, identity) VALUES (?, ?)')
  const pages = database.prepare(
    `SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count) AS used,
      (SELECT page_size FROM pragma_page_size) AS size`,
  )

  return {
    insert: (feedback) => Number(insert.run(JSON.stringify(feedback)).lastInsertRowid),
    settle(id, at, { record, stamps }) {
      const text = record === undefined ? null : JSON.stringify(record)
      const where = stamps?.map(({ born, version }) => `${born}:${version}`).join(' ') ?? null
      if (settle.run(at, text, where, id).changes === 1) return true
      again.run(at, where, id)
      return false
    },
    remove: (id) => remove.run(id).changes === 1,
    prune: (before, limit) => Number(prune.run(before, limit).changes),
    count() {
      const { entries, settled } = count.get() as { entries: number; settled: number }
      return { unsettled: entries - settled, settled }
    },
    unsettled: (after, limit) => (unsettled.all(after, limit) as unknown as Row[]).map(toEntry),
    settled: (after, limit) => (settled.all(after, limit) as unknown as Row[]).map(toEntry),
    identities() {
      const rows = identities.all() as { name: string; identity: string }[]
      return new Map(rows.map(({ name, identity }) => [name, identity]))
    },
    keepIdentity: (name, identity) => void keepIdentity.run(name, identity),
    usedBytes() {
      const { used, size } = pages.get() as { used: number; size: number }
      return used * size
    },
  }
}

interface Row {
  readonly id: number
  readonly feedback: string
  readonly record: string | null
  readonly stamps: string | null
}

function toEntry({ id, feedback, record, stamps }: Row): Entry {
  return {
    id,
    feedback: JSON.parse(feedback) as Accepted,
    ...(record !== null && { record: JSON.parse(record) as KeptRecord }),
    ...(stamps !== null && { stamps: stamps.split(' ').map(toStamp) }),
  }
}

function toStamp(text: string): Stamp {
  const [born, version] = text.split(':')
  return { born: Number(born), version: Number(version) }
}
