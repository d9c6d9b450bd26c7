import { DatabaseSync } from 'node:sqlite'

/** Every row of every table in a SQLite file, as text; equal when nothing was written. */
export const dumpSqlite = (path: string): string => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all() as { name: string }[]
    const rows = tables.map(({ name }) => [
      name,
      database.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all(),
    ])
    return JSON.stringify(rows, undefined, 1)
  } finally {
    database.close()
  }
}
