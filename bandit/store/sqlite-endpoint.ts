import { checkApplication, checkClosing, checkFlush, checkInteger, checkRecord } from './check.ts'
import { flushMemoryMs, marksExpireAt, windowEnd } from './retention.ts'
import type { GroupCommit } from './sqlite-group-commit.ts'
import type { Statements } from './sqlite-statements.ts'
import { createStateBuilder } from './state-builder.ts'
import type {
  ApplyResult,
  BucketClosing,
  CloseResult,
  EndpointSettings,
  EndpointState,
  EndpointStore,
  PullFlush,
  RecordResult,
  RewardApplication,
} from './store.ts'
import { parseVector, toText } from './vector-text.ts'

export interface SqliteEndpointDeps {
  readonly rows: Statements
  readonly group: GroupCommit
  /** Runs `work` on one consistent view of the database. */
  readonly read: <T>(work: () => T) => Promise<T>
  /** Milliseconds since 1970, an integer. */
  readonly clock: () => number
}

/** One endpoint's state in SQLite: what a Lua script does in Redis is a function within a transaction here. */
export function createSqliteEndpoint(settings: EndpointSettings, deps: SqliteEndpointDeps): EndpointStore {
  const { rows, group, read, clock } = deps
  const id = rows.openEndpoint(settings)

  return {
    readState: (knownVersion) => read(() => readState(knownVersion)),
    async recordPulls(flush) {
      checkFlush(flush)
      return group.run(() => recordPulls(flush), 'normal')
    },
    async recordDecision(key, value, ttlMs) {
      checkRecord(key, value, ttlMs)
      return group.run(() => recordDecision(key, value, ttlMs), 'normal')
    },
    readDecision: (key) => read(() => rows.decision(id, key, clock())),
    async applyReward(application) {
      checkApplication(application, settings.bucketMs)
      return group.run(() => applyReward(application), 'full')
    },
    async closeBucket(closing) {
      checkClosing(closing)
      return group.run(() => closeBucket(closing), 'full')
    },
    async pruneEpochs(before) {
      checkInteger(before, 'before')
      return group.run(() => pruneEpochs(before), 'normal')
    },
    identity: () => read(() => rows.setting('identity')!),
  }

  function readState(knownVersion: number | undefined): EndpointState | undefined {
    const { version } = rows.endpoint(id)
    if (version === knownVersion) return undefined
    const state = createStateBuilder()
    for (const { arm, epoch, sums } of rows.allSums(id)) state.epoch(arm, epoch, parseVector(sums))
    for (const { arm, bucket, pulls, rewarded } of rows.openRows(id))
      state.open(arm, bucket, { pulls, rewarded })
    for (const { arm, written_off: writtenOff, ...totals } of rows.totals(id))
      state.totals(arm, { ...totals, writtenOff })
    return state.build(version)
  }

  function recordPulls({ gateway, sequence, counts }: PullFlush): void {
    const now = clock()
    const last = rows.sequence(id, gateway, now)
    if (last !== undefined && sequence <= last) return
    rows.keepSequence(id, gateway, sequence, now + flushMemoryMs)
    const some = counts.filter(({ pulls }) => pulls > 0)
    for (const { arm, bucket, pulls } of some) {
      const over = isClosed(bucket)
      rows.addTotals(id, arm, over ? { pulls, written_off: pulls } : { pulls })
      if (!over) rows.addOpen(id, { bucket, arm, pulls, rewarded: 0 })
    }
    if (some.length > 0) rows.raiseVersion(id)
  }

  function recordDecision(key: string, value: string, ttlMs: number): RecordResult {
    const now = clock()
    const standing = rows.decision(id, key, now)
    if (standing !== undefined) return { status: 'exists', value: standing }
    rows.keepDecision(id, key, value, now + ttlMs)
    return { status: 'recorded' }
  }

  function applyReward(application: RewardApplication): ApplyResult {
    const { key, arm, bucket, epoch, decidedAt, expectedMark, mark, delta } = application
    const now = clock()
    const delayMs = (application.acceptedAt ?? now) - decidedAt
    if (delayMs > settings.windowMs || isClosed(bucket) || now > marksExpireAt(bucket, settings))
      return { status: 'late' }
    const known = rows.mark(id, bucket, key) ?? ''
    if (known !== expectedMark) return { status: 'conflict', mark: known }
    addToSums(arm, epoch, delta, 1)
    rows.keepMark(id, bucket, key, mark)
    if (expectedMark === '') {
      rows.addOpen(id, { bucket, arm, pulls: 0, rewarded: 1 })
      rows.addTotals(id, arm, { rewarded: 1 })
    }
    rows.raiseVersion(id)
    return { status: 'applied' }
  }

  function closeBucket({ bucket, epoch, defaultDelta }: BucketClosing): CloseResult {
    const unrewarded = new Map<string, number>()
    if (clock() < windowEnd(bucket, settings)) return { unrewarded }
    const open = rows.openRowsOf(id, bucket)
    const closed = isClosed(bucket)
    if (closed && open.length === 0) return { unrewarded }
    if (!closed) rows.raiseClosed(id, bucket)
    for (const { arm, pulls, rewarded } of open) {
      const pending = pulls - rewarded
      if (pending <= 0) continue
      unrewarded.set(arm, pending)
      if (defaultDelta !== undefined) addToSums(arm, epoch, defaultDelta, pending)
      rows.addTotals(id, arm, defaultDelta === undefined ? { written_off: pending } : { defaulted: pending })
    }
    rows.dropOpen(id, bucket)
    rows.raiseVersion(id)
    return { unrewarded }
  }

  function pruneEpochs(before: number): void {
    if (Number(rows.dropSums(id, before)) > 0) rows.raiseVersion(id)
  }

  function isClosed(bucket: number): boolean {
    const { closed } = rows.endpoint(id)
    return closed !== null && bucket <= closed
  }

  function addToSums(arm: string, epoch: number, delta: Float64Array, times: number): void {
    const kept = rows.sums(id, arm, epoch)
    const sums = kept === undefined ? new Float64Array(delta.length) : parseVector(kept)
    if (sums.length !== delta.length)
      throw new RangeError(`delta must have as many numbers as the sums of ${arm}/${epoch}`)
    const next = sums.map((sum, i) => sum + times * delta[i]!)
    if (!next.every(Number.isFinite))
      throw new RangeError(`the sum of ${arm}/${epoch} must be a finite number`)
    rows.keepSums(id, arm, epoch, toText(next))
  }
}
