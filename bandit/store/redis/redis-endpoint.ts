import {
  checkApplication,
  checkClosing,
  checkControls,
  checkFlush,
  checkInteger,
  checkRecord,
  standings,
} from '../check.ts'
import { controlsKey, endpointKeys } from './keys.ts'
import { createRedisCheckpoints } from './redis-checkpoints.ts'
import { createMarksForgetting } from './redis-marks.ts'
import { toApplyResult, toCloseResult, toControls, toStamp, toState } from './redis-replies.ts'
import type { RunScript } from './redis-scripts.ts'
import { flushMemoryMs, changeableUntil, windowEnd } from '../retention.ts'
import { observedPrefix } from '../state-builder.ts'
import type { EndpointSettings, EndpointStore } from '../store.ts'
import { createVectorReader, toText } from '../vector-text.ts'

export interface RedisEndpointDeps {
  readonly run: RunScript
  readonly read: (key: string) => Promise<string | null>
  readonly prefix: string
  /** How long a journal is waited for of which nothing is heard. */
  readonly journalWaitMs: number
}

/** One endpoint's state in Redis: each method is one script, so that it happens whole or not at all. */
export function createRedisEndpoint(settings: EndpointSettings, deps: RedisEndpointDeps): EndpointStore {
  const { run, read } = deps
  const keys = endpointKeys(deps.prefix, settings.endpoint, settings.generation)
  const { statistics, pulls, rewarded, voided, held, totals, closed, version, born, origin } = keys
  const controls = controlsKey(deps.prefix, settings.endpoint)
  const hold = settings.hold === true ? 'hold' : ''
  const nextHeld = createVectorReader()

  return {
    async readState(knownVersion) {
      const reply = await run(
        'read-state',
        [version, statistics, pulls, rewarded, totals, voided, held, born],
        [knownVersion ?? '', settings.heldUnread === true ? '' : 'held'],
      )
      return reply === null ? undefined : toState(reply, nextHeld())
    },

    async recordPulls(flush) {
      checkFlush(flush)
      const counts = flush.counts.flatMap(({ arm, bucket, pulls, silence }) => {
        const worth = silence === undefined ? ['', ''] : [silence.epoch, toText(silence.sums)]
        return [arm, bucket, pulls, ...worth]
      })
      const reply = await run(
        'record-pulls',
        [keys.flush(flush.gateway), pulls, totals, closed, version, statistics, held, born],
        [flush.sequence, flushMemoryMs, ...counts],
      )
      return toStamp(reply as readonly string[])
    },

    async recordDecision(key, value, ttlMs) {
      checkRecord(key, value, ttlMs)
      const standing = await run('keep-first', [keys.decision(key)], [value, ttlMs])
      return standing === null ? { status: 'recorded' } : { status: 'exists', value: standing as string }
    },

    async readDecision(key) {
      return (await read(keys.decision(key))) ?? undefined
    },

    async applyReward(application) {
      checkApplication(application, settings.bucketMs)
      const { key, arm, bucket, epoch, decidedAt, acceptedAt, expectedMark, mark, delta } = application
      const { from, to } = standings(application)
      const { defaultDelta, defaultsHeld, heldDelta, afterWindow, observed = [], base } = application
      const latest = afterWindow === true ? '' : decidedAt + settings.windowMs
      const when = [acceptedAt ?? '', latest, changeableUntil(bucket, settings)]
      const asDefault = defaultsHeld === true ? 'held' : ''
      const takenBack = defaultDelta === undefined ? asDefault : toText(defaultDelta)
      const toHeld = heldDelta === undefined ? '' : toText(heldDelta)
      const reply = await run(
        'apply-reward',
        [
          statistics,
          pulls,
          rewarded,
          voided,
          held,
          totals,
          keys.marks(bucket),
          closed,
          version,
          born,
          keys.forgotten,
        ],
        [
          key,
          arm,
          bucket,
          epoch,
          ...when,
          expectedMark,
          mark,
          toText(delta),
          from,
          to,
          takenBack,
          hold,
          toHeld,
          base?.expected ?? '',
          base?.next ?? '',
          ...observed.flatMap((each) => [observedPrefix + each.name, toText(each.delta)]),
        ],
      )
      return toApplyResult(reply)
    },

    async closeBucket(closing) {
      checkClosing(closing)
      const { bucket, epoch, defaultDelta, defaultsHeld } = closing
      const ends = [windowEnd(bucket, settings), changeableUntil(bucket, settings)]
      const reply = await run(
        'close-bucket',
        [statistics, pulls, rewarded, voided, held, totals, keys.marks(bucket), closed, version, keys.ended],
        [
          bucket,
          epoch,
          ...ends,
          defaultDelta === undefined ? '' : toText(defaultDelta),
          defaultsHeld === true ? 'held' : '',
        ],
      )
      return toCloseResult(reply)
    },

    async pruneEpochs(before) {
      checkInteger(before, 'before')
      await run('prune-epochs', [statistics, version], [before])
    },

    async readControls(knownRevision) {
      const record = toControls(await read(controls))
      return record.revision === knownRevision ? undefined : record
    },

    async writeControls(expected, next) {
      checkControls(expected, next)
      const written = await run('write-controls', [controls], [expected, next.revision, next.text])
      return written === 1 ? 'written' : 'conflict'
    },

    ...createRedisCheckpoints({ settings, keys, run }),

    forgetMarks: createMarksForgetting({ settings, keys, run, waitMs: deps.journalWaitMs }),

    async identity() {
      return (await run('identify', [born, origin], [])) as string
    },
  }
}
