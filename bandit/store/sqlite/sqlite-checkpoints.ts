import {
  type Checkpoint,
  endedOf,
  originOf,
  type RestoreResult,
  toLineage,
  versionGap,
} from '../checkpoint.ts'
import type { SqliteEndpointDeps } from './sqlite-endpoint-deps.ts'
import type { EndpointStore } from '../store.ts'
import { parseVector } from '../vector-text.ts'

interface CheckpointsDeps extends SqliteEndpointDeps {
  /** Of the endpoint's row. */
  readonly id: number
  readonly addToSums: (arm: string, epoch: number, delta: Float64Array) => void
  readonly addToHeld: (bucket: number, arm: string, delta: Float64Array) => void
}

const counts = ['pulls', 'rewarded', 'voided'] as const

/** What `dump-state.lua`, `restore-state.lua`, `descend.lua` and `identify.lua` do in Redis. */
export function createSqliteCheckpoints(
  deps: CheckpointsDeps,
): Pick<EndpointStore, 'dump' | 'restore' | 'descend' | 'identity'> {
  const { id, rows, pending, group, read, clock, addToSums, addToHeld } = deps

  function dump(): Checkpoint {
    const { version, born, origin, closed } = rows.endpoint(id)
    const open = rows.openRows(id)
    const openCounts = (name: (typeof counts)[number]) =>
      toHash(open.filter((row) => row[name] > 0).map((row) => [row.arm, row.bucket, row[name]]))
    return {
      at: clock() * 1000,
      born,
      version,
      ancestors: toLineage(born, origin).ancestors,
      closed: closed ?? undefined,
      hashes: {
        statistics: toHash(rows.allSums(id).map(({ arm, epoch, sums }) => [arm, epoch, sums])),
        pulls: openCounts('pulls'),
        rewarded: openCounts('rewarded'),
        voided: openCounts('voided'),
        totals: toHash(
          rows
            .totals(id)
            .flatMap(({ arm, ...totals }) =>
              Object.entries(totals).map(([name, count]) => [arm, name, count] as const),
            ),
        ),
        held: toHash(rows.allHeld(id).map(({ arm, bucket, sums }) => [arm, bucket, sums])),
      },
      ended: toHash(
        rows
          .closedRows(id)
          .flatMap(({ arm, bucket, defaulted, written_off }) =>
            Object.entries({ defaulted, written_off }).map(
              ([fate, count]) => [`${fate}/${arm}`, bucket, count] as const,
            ),
          )
          .filter(([, , count]) => count > 0),
      ),
    }
  }

  function restore(checkpoint: Checkpoint, over?: 'bare'): RestoreResult {
    pending.write()
    const { born, origin, closed } = rows.endpoint(id)
    if (born <= checkpoint.at) return 'older'
    if (origin !== '' && !(origin === 'bare' && over === 'bare')) return 'settled'
    const { hashes } = checkpoint
    for (const [arm, epoch, sums] of fields(hashes.statistics))
      addToSums(arm, Number(epoch), parseVector(sums))
    for (const [arm, bucket, sums] of fields(hashes.held)) addToHeld(Number(bucket), arm, parseVector(sums))
    for (const name of counts)
      for (const [arm, bucket, count] of fields(hashes[name]))
        rows.addOpen(id, Number(bucket), arm, { [name]: Number(count) })
    for (const [arm, name, count] of fields(hashes.totals)) rows.addTotals(id, arm, { [name]: Number(count) })
    for (const { bucket, arm, fate, count } of endedOf(checkpoint))
      rows.addClosed(id, bucket, arm, { [fate]: count })
    if (checkpoint.closed !== undefined && (closed === null || checkpoint.closed > closed))
      rows.raiseClosed(id, checkpoint.closed)
    rows.raiseVersion(id, checkpoint.version + versionGap)
    rows.keepOrigin(id, originOf(checkpoint))
    return 'restored'
  }

  function identify(): string {
    const { born, origin } = rows.endpoint(id)
    const restored = toLineage(born, origin).origin === 'restored' ? ` ${origin}` : ''
    return `${rows.setting('identity')!}${restored}`
  }

  return {
    dump: () => read(dump),
    identity: () => read(identify),
    restore: (checkpoint, over) => group.run(() => restore(checkpoint, over), 'full'),
    async descend(say) {
      const { born, origin } = await read(() => rows.endpoint(id))
      const changes = say !== undefined && (origin === '' || (origin === 'bare' && say === 'forgotten'))
      if (!changes) return toLineage(born, origin)
      return group.run(() => {
        const { origin: now } = rows.endpoint(id)
        if (now === origin) rows.keepOrigin(id, say)
        return toLineage(born, now === origin ? say : now)
      }, 'full')
    },
  }
}

function toHash(
  rows: readonly (readonly [string, number | string, number | string])[],
): Record<string, string> {
  return Object.fromEntries(rows.map(([arm, what, value]) => [`${arm}/${what}`, String(value)]))
}

/** An arm's name may hold a slash, what follows it may not. */
function* fields(hash: Readonly<Record<string, string>>): Generator<[string, string, string]> {
  for (const [field, value] of Object.entries(hash)) {
    const slash = field.lastIndexOf('/')
    yield [field.slice(0, slash), field.slice(slash + 1), value]
  }
}
