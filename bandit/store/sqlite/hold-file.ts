import { DatabaseSync } from 'node:sqlite'
import { isBusy, toSqliteError } from './sqlite-errors.ts'

/** Lets go of the file. */
export type LetGo = () => void

/**
 * Holds `path`, which is made where it is not there, for this process alone: until it lets go, or ends in whatever way. The
 * system keeps SQLite's lock, so none is left behind as a file with the number of a process would be.
 *
 * @returns undefined when another process has it
 * @throws StoreUnavailable when the file cannot be used
 */
export function holdFile(path: string): LetGo | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    // Nothing is written, so no file is needed to roll it back; OFF is refused, as Node opens databases defensively.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    const held = database
    return () => held.close()
  } catch (error) {
    database?.close()
    if (isBusy(error)) return undefined
    throw toSqliteError(error, path)
  }
}
