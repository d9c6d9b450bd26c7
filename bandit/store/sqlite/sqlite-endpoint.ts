import {
  checkApplication,
  checkClosing,
  checkControls,
  checkFlush,
  checkInteger,
  checkRecord,
  standings,
} from '../check.ts'
import type { Stamp } from '../checkpoint.ts'
import { flushMemoryMs, changeableUntil, windowEnd } from '../retention.ts'
import { createSqliteCheckpoints } from './sqlite-checkpoints.ts'
import type { SqliteEndpointDeps } from './sqlite-endpoint-deps.ts'
import { createStateBuilder, observedPrefix } from '../state-builder.ts'
import type {
  ApplyResult,
  BucketClosing,
  CloseResult,
  ControlsRecord,
  EndpointSettings,
  EndpointState,
  EndpointStore,
  PullFlush,
  RecordResult,
  RewardApplication,
} from '../store.ts'
import { createVectorReader, parseVector } from '../vector-text.ts'

/** One endpoint's state in SQLite: what a Lua script does in Redis is a function within a transaction here. */
export function createSqliteEndpoint(settings: EndpointSettings, deps: SqliteEndpointDeps): EndpointStore {
  const { rows, pending, group, read, clock } = deps
  const id = rows.openEndpoint(settings, clock() * 1000)
  const nextHeld = createVectorReader()

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
    // What is embedded is never away, so that no journal is ever behind: marks go with their time, see `sqlite.ts`.
    forgetMarks: async () => ({ overdueMs: 0, givenUp: [] }),
    async pruneEpochs(before) {
      checkInteger(before, 'before')
      return group.run(() => pruneEpochs(before), 'normal')
    },
    async readControls(knownRevision) {
      const record = await read(readControls)
      return record.revision === knownRevision ? undefined : record
    },
    async writeControls(expected, next) {
      checkControls(expected, next)
      return group.run(() => writeControls(expected, next), 'full')
    },
    ...createSqliteCheckpoints({ ...deps, id, addToSums, addToHeld }),
  }

  function readState(knownVersion: number | undefined): EndpointState | undefined {
    const { version, born } = rows.endpoint(id)
    if (version === knownVersion) return undefined
    const state = createStateBuilder()
    for (const { arm, epoch, sums } of rows.allSums(id)) state.epoch(arm, epoch, parseVector(sums))
    for (const { arm, bucket, ...counts } of rows.openRows(id)) state.open(arm, bucket, counts)
    const held = settings.heldUnread === true ? [] : rows.allHeld(id)
    const readHeld = nextHeld()
    for (const { arm, bucket, sums } of held) state.held(arm, bucket, readHeld(`${arm}/${bucket}`, sums))
    for (const { arm, written_off: writtenOff, ...totals } of rows.totals(id))
      state.totals(arm, { ...totals, writtenOff })
    return state.build(version, born)
  }

  function recordPulls({ gateway, sequence, counts }: PullFlush): Stamp {
    const now = clock()
    const { born, version, closed } = pending.endpoint(id)
    const last = rows.sequence(id, gateway, now)
    if (last !== undefined && sequence <= last.sequence) return { born, version: last.version }
    const some = counts.filter(({ pulls }) => pulls > 0)
    const addedAt = version + Number(some.length > 0)
    rows.keepSequence(id, gateway, sequence, now + flushMemoryMs, addedAt)
    for (const { arm, bucket, pulls, silence } of some) {
      if (closed !== null && bucket <= closed) {
        pending.addTotals(id, arm, { pulls, [silence === undefined ? 'written_off' : 'defaulted']: pulls })
        if (silence !== undefined) addToSums(arm, silence.epoch, silence.sums)
      } else {
        pending.addTotals(id, arm, { pulls })
        pending.addOpen(id, bucket, arm, { pulls })
        if (silence !== undefined) addToHeld(bucket, arm, silence.sums)
      }
    }
    if (some.length > 0) pending.raiseVersion(id)
    return { born, version: addedAt }
  }

  function recordDecision(key: string, value: string, ttlMs: number): RecordResult {
    const now = clock()
    const standing = rows.decision(id, key, now)
    if (standing !== undefined) return { status: 'exists', value: standing }
    rows.keepDecision(id, key, value, now + ttlMs)
    return { status: 'recorded' }
  }

  function applyReward(application: RewardApplication): ApplyResult {
    const { key, arm, bucket, epoch, decidedAt, expectedMark, mark, heldDelta, base } = application
    const now = clock()
    const delayMs = (application.acceptedAt ?? now) - decidedAt
    const late = delayMs > settings.windowMs && application.afterWindow !== true
    const { born, forgotten, closed } = pending.endpoint(id)
    // With the clock put forward and back again, marks may be gone whose time is not over.
    const isForgotten = now > changeableUntil(bucket, settings) || bucket <= (forgotten ?? -Infinity)
    if (late || isForgotten) return { status: 'late' }
    const known = rows.mark(id, bucket, key) ?? { mark: '', version: 0, base: '' }
    if (known.mark !== expectedMark || (base !== undefined && known.base !== base.expected))
      return {
        status: 'conflict',
        mark: known.mark,
        stamp: { born, version: known.version },
        base: known.base,
      }
    const open = closed === null || bucket > closed || hasPulls(bucket, arm)
    const delta = moveBetweenCounts(application, open)
    const isHeld = open && settings.hold === true
    // What a checkpoint has given back mostly changes nothing but the mark.
    const own = base === undefined || delta.some((value) => value !== 0) ? [{ name: arm, delta }] : []
    for (const { name, delta: added } of [...own, ...beside(application)]) {
      if (isHeld) addToHeld(bucket, name, added)
      else addToSums(name, epoch, added)
    }
    if (heldDelta !== undefined) {
      if (open) addToHeld(bucket, arm, heldDelta)
      else addToSums(arm, epoch, heldDelta)
    }
    const version = pending.raiseVersion(id)
    // What came with a checkpoint is in every later one.
    const writtenAt = base !== undefined && known.mark === '' ? 0 : version
    rows.keepMark(id, bucket, key, { mark, version: writtenAt, base: base?.next ?? known.base })
    return { status: 'applied', stamp: { born, version } }
  }

  /** What is to be added to the sums: the delta, less the default that the decision had got. */
  function moveBetweenCounts(application: RewardApplication, open: boolean): Float64Array {
    const { arm, bucket, delta, defaultDelta, defaultsHeld } = application
    const { from, to } = standings(application)
    if (from === to) return delta
    const moved = {
      rewarded: Number(to === 'rewarded') - Number(from === 'rewarded'),
      voided: Number(to === 'void') - Number(from === 'void'),
    }
    pending.addTotals(id, arm, moved)
    if (open) pending.addOpen(id, bucket, arm, moved)
    if (open || from !== 'unsettled' || application.base !== undefined) return delta
    // The end of a bucket counts what it left unsettled by arm, not by decision: every one of them got the same.
    const left = rows.closedRow(id, bucket, arm)
    const fate = (['defaulted', 'written_off'] as const).find((each) => (left?.[each] ?? 0) > 0)
    if (fate === undefined) return delta
    rows.addClosed(id, bucket, arm, { [fate]: -1 })
    pending.addTotals(id, arm, { [fate]: -1 })
    if (fate === 'written_off' || defaultsHeld === true) return delta
    if (defaultDelta === undefined) throw new RangeError('the default to take back must be given')
    return delta.map((value, i) => value - defaultDelta[i]!)
  }

  function closeBucket({ bucket, epoch, defaultDelta, defaultsHeld }: BucketClosing): CloseResult {
    const unrewarded = new Map<string, number>()
    if (clock() < windowEnd(bucket, settings)) return { unrewarded }
    pending.write()
    const open = rows.openRowsOf(id, bucket)
    const held = rows.heldOf(id, bucket)
    const { closed: last } = rows.endpoint(id)
    const closed = last !== null && bucket <= last
    if (closed && open.length === 0 && held.length === 0) return { unrewarded }
    if (!closed) rows.raiseClosed(id, bucket)
    for (const { arm, sums } of held) addToSums(arm, epoch, parseVector(sums))
    for (const { arm, pulls, rewarded, voided } of open) {
      const unsettled = pulls - rewarded - voided
      if (unsettled <= 0) continue
      unrewarded.set(arm, unsettled)
      const isDefaulted = defaultDelta !== undefined || defaultsHeld === true
      const fate = isDefaulted ? { defaulted: unsettled } : { written_off: unsettled }
      if (defaultDelta !== undefined)
        addToSums(
          arm,
          epoch,
          defaultDelta.map((value) => unsettled * value),
        )
      pending.addTotals(id, arm, fate)
      rows.addClosed(id, bucket, arm, fate)
    }
    rows.dropOpen(id, bucket)
    rows.dropHeld(id, bucket)
    pending.raiseVersion(id)
    return { unrewarded }
  }

  function pruneEpochs(before: number): void {
    pending.write()
    if (Number(rows.dropSums(id, before)) > 0) pending.raiseVersion(id)
  }

  function readControls(): ControlsRecord {
    return rows.controls(settings.endpoint) ?? { revision: 0, text: '' }
  }

  function writeControls(expected: number, next: ControlsRecord): 'written' | 'conflict' {
    if (readControls().revision !== expected) return 'conflict'
    rows.keepControls(settings.endpoint, next)
    return 'written'
  }

  /** A bucket older than the last closed one is open for as long as it has pulls that nobody ended. */
  function hasPulls(bucket: number, arm: string): boolean {
    pending.write()
    return rows.openRowsOf(id, bucket).some((row) => row.arm === arm && row.pulls > 0)
  }

  function addToSums(arm: string, epoch: number, delta: Float64Array): void {
    pending.addToSums(id, arm, epoch, delta)
  }

  function addToHeld(bucket: number, arm: string, delta: Float64Array): void {
    pending.addToHeld(id, bucket, arm, delta)
  }
}

function beside({ observed = [] }: RewardApplication): RewardApplication['observed'] & {} {
  return observed.map(({ name, delta }) => ({ name: observedPrefix + name, delta }))
}
