import { checkSecret, checkSettings } from '../check.ts'
import { openDatabase } from './sqlite-database.ts'
import { createSqliteEndpoint } from './sqlite-endpoint.ts'
import { toSqliteError } from './sqlite-errors.ts'
import { watchFile } from './sqlite-file.ts'
import { createGroupCommit } from './sqlite-group-commit.ts'
import { createPending } from './sqlite-pending.ts'
import { applicationId, migrations } from './sqlite-schema.ts'
import { type BucketRow, prepareStatements } from './sqlite-statements.ts'
import { type Store, StoreUnavailable } from '../store.ts'

export interface SqliteStoreDeps {
  /** A file, made with its folder when there is none, or `:memory:`. */
  readonly path: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Rows purged in a transaction, for each row it writes and at least; faster than they are written, so none pile up. */
const purgedPerWork = 2
const purgedAtLeast = 20

/**
 * The store in one file, for gateways on one machine. Reads and commits are synchronous and take microseconds to
 * a few milliseconds. Throws a StoreUnavailable when the file cannot be used.
 */
export function createSqliteStore({ path, clock }: SqliteStoreDeps): Store {
  const now = () => Math.trunc(clock())
  const database = openDatabase({ path, applicationId, migrations })
  const rows = prepareStatements(database)
  const pending = createPending(rows)
  const group = createGroupCommit({ database, path, pending, tidy: purge })
  const checkFile = watchFile(path)

  /** Runs inside transactions that are made anyhow, a slice at a time. */
  function purge(works: number): void {
    const limit = Math.max(purgedAtLeast, works * purgedPerWork)
    const dropped = [...rows.dropMarks(now(), limit), ...rows.dropClosed(now(), limit)]
    for (const { endpoint, bucket } of highest(dropped)) rows.raiseForgotten(endpoint, bucket)
    rows.dropDecisions(now(), limit)
    rows.dropSequences(now())
  }

  async function read<T>(work: () => T): Promise<T> {
    if (!database.isOpen) throw new StoreUnavailable('the store is closed')
    try {
      checkFile()
      database.exec('BEGIN')
      return work()
    } catch (error) {
      throw toSqliteError(error, path)
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK')
    }
  }

  return {
    kind: 'sqlite',
    async ping() {
      await read(() => rows.setting('identity'))
    },
    async signingSecret(proposed) {
      checkSecret(proposed)
      return group.run(() => {
        rows.keepSetting('signing-secret', proposed)
        return toSecrets(rows.setting('signing-secret'))[0]!
      }, 'full')
    },
    async shareSecrets(secrets) {
      for (const secret of secrets) checkSecret(secret)
      const known = await read(() => toSecrets(rows.setting('signing-secret')))
      if (secrets.every((secret) => known.includes(secret))) return known
      return group.run(() => {
        const all = [...new Set([...toSecrets(rows.setting('signing-secret')), ...secrets])]
        rows.replaceSetting('signing-secret', all.join(' '))
        return all
      }, 'full')
    },
    endpoint(settings) {
      checkSettings(settings)
      try {
        return createSqliteEndpoint(settings, { rows, pending, group, read, clock: now })
      } catch (error) {
        throw toSqliteError(error, path)
      }
    },
    time: async () => clock(),
    async close() {
      group.close()
      if (database.isOpen) database.close()
    },
  }
}

/** The highest bucket of each endpoint. */
function highest(rows: readonly BucketRow[]): BucketRow[] {
  const buckets = new Map<number, number>()
  for (const { endpoint, bucket } of rows)
    buckets.set(endpoint, Math.max(bucket, buckets.get(endpoint) ?? -Infinity))
  return Array.from(buckets, ([endpoint, bucket]) => ({ endpoint, bucket }))
}

function toSecrets(setting: string | undefined): string[] {
  return setting?.split(' ') ?? []
}
