import { bucketOf } from '../buckets.ts'
import {
  type Checkpoint,
  checkpointHashes,
  endedOf,
  originOf,
  type RestoreResult,
  toLineage,
  versionGap,
} from './checkpoint.ts'
import type { EndpointKeys } from './keys.ts'
import { toCheckpoint } from './redis-replies.ts'
import type { RunScript } from './redis-scripts.ts'
import { marksExpireAt } from './retention.ts'
import type { EndpointSettings, EndpointStore } from './store.ts'

interface RedisCheckpointsDeps {
  readonly settings: EndpointSettings
  readonly keys: EndpointKeys
  readonly run: RunScript
}

export function createRedisCheckpoints({
  settings,
  keys,
  run,
}: RedisCheckpointsDeps): Pick<EndpointStore, 'dump' | 'restore' | 'descend'> {
  const { statistics, pulls, rewarded, voided, held, totals, closed, version, born, origin } = keys
  const all = [version, statistics, pulls, rewarded, totals, voided, held, born, origin, closed]

  /** Closed buckets whose marks are kept. */
  function changeable({ at, closed: newest }: Checkpoint): number[] {
    if (newest === undefined) return []
    const { windowMs, bucketMs } = settings
    const retentionMs = marksExpireAt(0, settings) - bucketMs - windowMs
    const oldest = bucketOf(at / 1000 - windowMs - retentionMs, bucketMs) - 1
    return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, i) => oldest + i)
  }

  return {
    async dump() {
      const checkpoint = toCheckpoint(await run('dump-state', all, []))
      const hasEnded = Object.keys(checkpoint.hashes.totals).some((field) =>
        /\/(defaulted|written_off)$/.test(field),
      )
      if (!hasEnded) return checkpoint
      const buckets = changeable(checkpoint)
      return toCheckpoint(await run('dump-state', [...all, ...buckets.map(keys.marks)], buckets))
    },

    async restore(checkpoint, over) {
      const fields = checkpointHashes.flatMap((name, at) =>
        // The hashes follow the version among the keys.
        Object.entries(checkpoint.hashes[name]).flatMap(([field, value]) => [at + 2, field, value]),
      )
      const ended = endedOf(checkpoint)
      const buckets = [...new Set(ended.map(({ bucket }) => bucket))]
      const numberOf = (bucket: number) => all.length + 1 + buckets.indexOf(bucket)
      const left = ended.flatMap(({ bucket, fate, arm, count }) => [
        numberOf(bucket),
        `${fate}/${arm}`,
        count,
      ])
      const ends = buckets.flatMap((bucket) => [numberOf(bucket), '', marksExpireAt(bucket, settings)])
      const raise = checkpoint.version + versionGap
      const head = [checkpoint.at, raise, checkpoint.closed ?? '', originOf(checkpoint), over ?? '']
      const reply = await run(
        'restore-state',
        [...all, ...buckets.map(keys.marks)],
        [...head, ...fields, ...left, ...ends],
      )
      return reply as RestoreResult
    },

    async descend(say) {
      const [at, text] = (await run('descend', [born, origin], [say ?? ''])) as [string, string]
      return toLineage(Number(at), text)
    },
  }
}
