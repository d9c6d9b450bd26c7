import type { GroupCommit } from './sqlite-group-commit.ts'
import type { Statements } from './sqlite-statements.ts'

export interface SqliteEndpointDeps {
  readonly rows: Statements
  readonly group: GroupCommit
  /** Runs `work` on one consistent view of the database. */
  readonly read: <T>(work: () => T) => Promise<T>
  /** Milliseconds since 1970, an integer. */
  readonly clock: () => number
}
