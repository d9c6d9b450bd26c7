import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy, toSqliteError } from './sqlite-errors.ts'
import { StoreUnavailable } from '../store.ts'

/** The only file that keeps anything with node:sqlite. */
export type Database = DatabaseSync

export interface DatabaseOptions {
  /** A file, made with its folder when there is none, or `:memory:`. */
  readonly path: string
  /** Tells this program's files from others', so that a mistaken path never changes a foreign database. */
  readonly applicationId: number
  /** SQL that leads from each version of the schema to the next, oldest first; the first is run on a new file. */
  readonly migrations: readonly string[]
  /** True: no other process can open the file while this one has it. */
  readonly exclusive?: boolean
}

/** A statement waits this long for another process's transaction. */
const busyMs = 250

/** Opens the file, for several processes at once unless it says otherwise. Throws a StoreUnavailable that says what to mend. */
export function openDatabase(options: DatabaseOptions): Database {
  const { path, applicationId, exclusive = false } = options
  let database: Database | undefined
  try {
    if (path !== ':memory:') prepareFile(path)
    database = new DatabaseSync(path, { timeout: busyMs })
    // Before anything is read, so that the lock is taken with the first read and kept.
    if (exclusive) database.exec('PRAGMA locking_mode = EXCLUSIVE')
    checkOwner(database, path, applicationId)
    patiently(() => database!.exec('PRAGMA journal_mode = WAL'))
    migrate(database, options)
    return database
  } catch (error) {
    database?.close()
    throw isFileError(error) ? unusable(path, error) : toSqliteError(error, path)
  }
}

/** The file holds a secret, so nobody else may read it; SQLite gives its side files the same permissions. */
function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  closeSync(openSync(path, 'a', 0o600))
}

function checkOwner(database: Database, path: string, applicationId: number): void {
  const owner = pragma(database, 'application_id')
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number
  }
  if (owner !== applicationId && (owner !== 0 || tables > 0))
    throw new StoreUnavailable(`cannot use ${path}: it is another program’s database: name another file`)
}

/** Processes that start together migrate one after the other; the second finds it done. */
function migrate(database: Database, { path, applicationId, migrations }: DatabaseOptions): void {
  if (pragma(database, 'user_version') === migrations.length) return
  patiently(() => database.exec('BEGIN IMMEDIATE'))
  const version = pragma(database, 'user_version')
  if (version > migrations.length)
    throw new StoreUnavailable(
      `cannot use ${path}: a newer version of this program has written it: start that one, or name another file`,
    )
  for (const sql of migrations.slice(version)) database.exec(sql)
  database.exec(
    `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`,
  )
}

function pragma(database: Database, name: string): number {
  return Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0] as number
}

/** Changing the journal's mode does not wait for other processes by itself. */
function patiently(step: () => void): void {
  const giveUpAt = performance.now() + 4 * busyMs
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function unusable(path: string, error: NodeJS.ErrnoException): StoreUnavailable {
  return new StoreUnavailable(`cannot use ${path}: ${error.code}: mend its path or permissions`, {
    cause: error,
  })
}
