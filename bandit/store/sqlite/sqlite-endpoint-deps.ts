import type { GroupCommit } from './sqlite-group-commit.ts'
import type { Pending } from './sqlite-pending.ts'
import type { Statements } from './sqlite-statements.ts'

export interface SqliteEndpointDeps {
  readonly rows: Statements
  /** Through which all works of `group` change what they share. */
  readonly pending: Pending
  readonly group: GroupCommit
  /** Runs `work` on one consistent view of the database. */
  readonly read: <T>(work: () => T) => Promise<T>
  /** Milliseconds since 1970, an integer. */
  readonly clock: () => number
}
