import type { Database } from './sqlite-database.ts'
import { isBusy, toSqliteError } from './sqlite-errors.ts'
import { watchFile } from './sqlite-file.ts'
import type { Pending } from './sqlite-pending.ts'
import { StoreUnavailable } from '../store.ts'

/** full: on the disk before the promise resolves. normal: may be lost when the machine, not the process, dies. */
export type Durability = 'full' | 'normal'

/**
 * Writes that arrive in the same turn of the event loop share one transaction, and so one flush of the disk. Each
 * caller's promise settles after the commit; the fault of one undoes and fails that one only.
 */
export interface GroupCommit {
  /** `work` may be run again when its transaction came to nothing, so it must have no effect but on the database. */
  run<T>(work: () => T, durability: Durability): Promise<T>
  /** Commits what waits and takes no more. */
  close(): void
}

export interface GroupCommitDeps {
  readonly database: Database
  readonly path: string
  /** What works leave to be written with their transaction. */
  readonly pending?: Pick<Pending, 'write' | 'forget'>
  /** Done in every transaction, after the group's works. */
  readonly tidy: (works: number) => void
}

interface Work {
  readonly durability: Durability
  /** Does it and answers how to settle the caller's promise once the transaction is through. */
  readonly perform: () => () => void
  readonly fail: (error: Error) => void
}

/** More would keep the event loop for more than a few milliseconds. */
const groupSize = 200

/** How often the write lock is asked for; each time waits for the database's busy timeout. */
const attempts = 3

export function createGroupCommit({ database, path, pending, tidy }: GroupCommitDeps): GroupCommit {
  const checkFile = watchFile(path)
  const waiting: Work[] = []
  let scheduled: NodeJS.Immediate | undefined
  let synchronous: Durability | undefined
  let failures = 0
  let closed = false

  const savepoint = database.prepare('SAVEPOINT work')
  const release = database.prepare('RELEASE work')
  const undo = database.prepare('ROLLBACK TO work')

  function begin(durability: Durability): void {
    checkFile()
    // The setting cannot be changed within a transaction.
    if (synchronous !== durability) database.exec(`PRAGMA synchronous = ${durability}`)
    synchronous = durability
    database.exec('BEGIN IMMEDIATE')
  }

  function commit(group: readonly Work[]): void {
    begin(group.some(({ durability }) => durability === 'full') ? 'full' : 'normal')
    const settled = performTogether(group)
    tidy(group.length)
    database.exec('COMMIT')
    for (const settle of settled) settle()
  }

  /** Nearly no work has a fault, so each has a savepoint of its own only where one had. */
  function performTogether(group: readonly Work[]): readonly (() => void)[] {
    try {
      return reversibly(() => group.map(({ perform }) => perform()))
    } catch (error) {
      if (!database.isTransaction) throw error
      return group.map(performAlone)
    }
  }

  function performAlone({ perform, fail }: Work): () => void {
    try {
      return reversibly(perform)
    } catch (error) {
      if (!database.isTransaction) throw error
      return () => fail(toSqliteError(error, path))
    }
  }

  /** What it has done is undone when it throws. A full disk and the like end the whole transaction with it. */
  function reversibly<T>(work: () => T): T {
    savepoint.run()
    try {
      const result = work()
      pending?.write()
      release.run()
      return result
    } catch (error) {
      pending?.forget()
      if (database.isTransaction) {
        undo.run()
        release.run()
      }
      throw error
    }
  }

  function commitNext(): void {
    const group = waiting.splice(0, groupSize)
    try {
      commit(group)
      failures = 0
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      failures += 1
      if (isBusy(error) && failures < attempts) return void waiting.unshift(...group)
      failures = 0
      for (const { fail } of group) fail(toSqliteError(error, path))
    }
  }

  function schedule(): void {
    scheduled ??= setImmediate(() => {
      scheduled = undefined
      commitNext()
      if (waiting.length > 0) schedule()
    })
  }

  return {
    run<T>(work: () => T, durability: Durability) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      if (closed) {
        reject(new StoreUnavailable('the store is closed'))
        return promise
      }
      waiting.push({
        durability,
        fail: reject,
        perform() {
          const result = work()
          return () => resolve(result)
        },
      })
      schedule()
      return promise
    },
    close() {
      closed = true
      clearImmediate(scheduled)
      while (waiting.length > 0) commitNext()
    },
  }
}
