import {
  checkpointHashes,
  endedOf,
  originOf,
  type RestoreResult,
  toLineage,
  versionGap,
} from '../checkpoint.ts'
import type { EndpointKeys } from './keys.ts'
import { toDump } from './redis-replies.ts'
import type { RunScript } from './redis-scripts.ts'
import { changeableUntil } from '../retention.ts'
import type { EndpointSettings, EndpointStore } from '../store.ts'

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
  const { statistics, pulls, rewarded, voided, held, totals, closed, ended, version, born, origin } = keys
  const all = [version, statistics, pulls, rewarded, totals, voided, held, born, origin, closed, ended]

  return {
    async dump() {
      let buckets: readonly number[] = []
      for (;;) {
        const { checkpoint, ended } = toDump(
          await run('dump-state', [...all, ...buckets.map((bucket) => keys.marks(bucket))], buckets),
        )
        if (ended.join() === buckets.join()) return checkpoint
        buckets = ended
      }
    },

    async restore(checkpoint, over) {
      const fields = checkpointHashes.flatMap((name, at) =>
        // The hashes follow the version among the keys.
        Object.entries(checkpoint.hashes[name]).flatMap(([field, value]) => [at + 2, field, value]),
      )
      const left = endedOf(checkpoint)
      const buckets = [...new Set(left.map(({ bucket }) => bucket))]
      const numberOf = (bucket: number) => all.length + 1 + buckets.indexOf(bucket)
      const counts = left.flatMap(({ bucket, fate, arm, count }) => [
        numberOf(bucket),
        `${fate}/${arm}`,
        count,
      ])
      const ends = buckets.flatMap((bucket) => [
        numberOf(bucket),
        '',
        `${bucket} ${changeableUntil(bucket, settings)}`,
      ])
      const raise = checkpoint.version + versionGap
      const head = [checkpoint.at, raise, checkpoint.closed ?? '', originOf(checkpoint), over ?? '']
      const reply = await run(
        'restore-state',
        [...all, ...buckets.map((bucket) => keys.marks(bucket))],
        [...head, ...fields, ...counts, ...ends],
      )
      return reply as RestoreResult
    },

    async descend(say) {
      const [at, text] = (await run('descend', [born, origin], [say ?? ''])) as [string, string]
      return toLineage(Number(at), text)
    },
  }
}
