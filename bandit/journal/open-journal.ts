import { randomUUID } from 'node:crypto'
import { openDatabase } from '../store/sqlite/sqlite-database.ts'
import { createGroupCommit } from '../store/sqlite/sqlite-group-commit.ts'
import { toSqliteError } from '../store/sqlite/sqlite-errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import { applicationId, migrations, prepareRows } from './journal-rows.ts'
import type { Entry, Journal, Kept } from './journal.ts'
import { prepareRecordRows } from './record-rows.ts'
import { openSyncedFile } from './synced-file.ts'

export interface OpenJournalDeps {
  /** A file, made with its folder when there is none. */
  readonly path: string
  /** Bytes of entries; above it settled ones go early, and without any left nothing more is taken. */
  readonly maxBytes: number
  /** How long an entry stays after it was settled. */
  readonly keepMs: number
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Told how long each append took, from the call to the disk. */
  readonly committed?: (seconds: number) => void
}

/** Entries that go with one write, for each that was settled and at least: faster than they come. */
const prunedPerChange = 2
const prunedAtLeast = 50

/** Among the identities, under which the journal keeps its own. */
const ownName = ''

interface Settling extends Kept {
  readonly at: number
}

/**
 * The journal in one SQLite file, which this process alone may have open. A commit is written at once and flushed off the
 * event loop, by one flush for all commits that wait; the promise of an append settles after it, so that it is as
 * safe as under `synchronous = FULL`, without a stop of several milliseconds for predictions.
 *
 * @throws StoreUnavailable when the file cannot be used or another process has it
 */
export async function openJournal(deps: OpenJournalDeps): Promise<Journal> {
  const { path, maxBytes, keepMs, clock, committed = () => undefined } = deps
  const database = openDatabase({ path, applicationId, migrations, exclusive: true })
  const rows = prepareRows(database)
  const records = prepareRecordRows(database)
  const group = createGroupCommit({ database, path, tidy: () => undefined })
  // Makes sure that there is a write-ahead file, itself on the disk, before anything depends on it.
  const name = await group.run(() => {
    // '' stood there before a journal had a name.
    const kept = rows.identities().get(ownName) || randomUUID()
    rows.keepIdentity(ownName, kept)
    return kept
  }, 'full')
  const file = await openSyncedFile(`${path}-wal`)

  const held = new Set<number>()
  /** What becomes of entries with the next write. */
  const changes = new Map<number, Settling | 'forget'>()
  const counts = { ...rows.count(), records: records.count() }
  let bytes = rows.usedBytes()
  let confirmedAt = -Infinity
  let flushing: Promise<void> | undefined

  function write(taken: readonly (readonly [number, Settling | 'forget'])[]) {
    let settled = 0
    let removed = 0
    for (const [id, change] of taken) {
      if (change === 'forget') removed += Number(rows.remove(id))
      else settled += Number(rows.settle(id, change.at, change))
    }
    const limit = Math.max(prunedAtLeast, taken.length * prunedPerChange)
    // With the clock put back, what is settled now would look older than what was confirmed before.
    let pruned = rows.prune(Math.min(confirmedAt, clock()) - keepMs, limit)
    bytes = rows.usedBytes()
    // At the limit the tail is cut short: what the store has gives way to what it has not.
    if (bytes >= maxBytes) {
      pruned += rows.prune(clock() + 1, prunedAtLeast)
      bytes = rows.usedBytes()
    }
    return { settled, removed, pruned }
  }

  async function writeChanges(): Promise<void> {
    const taken = [...changes]
    const { settled, removed, pruned } = await group.run(() => write(taken), 'normal')
    for (const [id, change] of taken) {
      if (changes.get(id) === change) changes.delete(id)
    }
    counts.unsettled -= settled + removed
    counts.settled += settled - pruned
  }

  /** Those who fail stay in `changes`, and go with a later write. */
  function flush(): Promise<void> {
    flushing ??= writeChanges().finally(() => (flushing = undefined))
    return flushing
  }

  function hasRoom(): boolean {
    return bytes < maxBytes || counts.settled > 0
  }

  function makeRoom(): void {
    // Goes with the same transaction.
    if (changes.size > 0 || bytes >= maxBytes) void flush().catch(() => undefined)
    if (!hasRoom())
      throw new StoreUnavailable(`the journal ${path} has reached its size and the store is away`)
  }

  function unsettled(after: number, limit: number): readonly Entry[] {
    const isFree = ({ id }: Entry) => !held.has(id) && !changes.has(id)
    for (let from = after; ;) {
      const found = rows.unsettled(from, limit)
      const free = found.filter(isFree)
      if (free.length > 0 || found.length < limit) return free
      from = found.at(-1)!.id
    }
  }

  return {
    async append(feedback) {
      const start = performance.now()
      makeRoom()
      const id = await group.run(() => {
        const inserted = rows.insert(feedback)
        held.add(inserted)
        return inserted
      }, 'normal')
      counts.unsettled += 1
      if (id % 64 === 0) bytes = rows.usedBytes()
      try {
        await file.synced()
      } catch (error) {
        held.delete(id)
        throw error
      }
      committed((performance.now() - start) / 1000)
      return id
    },
    settle(id, kept) {
      changes.set(id, { at: Math.trunc(clock()), ...kept })
      held.delete(id)
    },
    forget(id) {
      changes.set(id, 'forget')
      held.delete(id)
    },
    release: (id) => void held.delete(id),
    setAside: (id) => void held.add(id),
    unsettled,
    progress() {
      const [oldest] = unsettled(0, 1)
      return { journal: name, brought: oldest?.feedback.acceptedAt ?? clock() }
    },
    settled: (after, limit) => rows.settled(after, limit),
    identities() {
      const kept = rows.identities()
      kept.delete(ownName)
      return kept
    },
    async keepIdentities(identities) {
      await group.run(() => {
        for (const [name, identity] of identities) rows.keepIdentity(name, identity)
      }, 'full')
    },
    async keepRecord(record) {
      makeRoom()
      const id = await group.run(() => records.insert(record), 'normal')
      counts.records += 1
      if (id % 64 === 0) bytes = rows.usedBytes()
      await file.synced()
    },
    records: (limit) => records.oldest(limit),
    async dropRecords(ids) {
      await group.run(() => records.remove(ids), 'normal')
      counts.records -= ids.length
      bytes = rows.usedBytes()
    },
    confirm: (at) => void (confirmedAt = at),
    async flush() {
      await flush()
      if (changes.size > 0) await flush()
    },
    state: () => ({ ...counts, bytes }),
    async close() {
      await flush().catch(() => undefined)
      group.close()
      await file.close()
      try {
        database.close()
      } catch (error) {
        throw toSqliteError(error, path)
      }
    },
  }
}
