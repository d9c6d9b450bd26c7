import { armOfEdition } from './editions.ts'
import type { PullCount, PullFlush } from '../store/store.ts'

/**
 * Counts decisions between choosing and the store: in flight until answered, then waiting to be flushed, then
 * flushed but not yet seen in a snapshot. What a policy calls pending must hold all three, or an index policy
 * would send everything that comes between two snapshots to one arm.
 */
export interface PullCounter {
  chosen(arm: number): void
  abandoned(arm: number): void
  /** @param edition of the arm, under which the store counts it */
  answered(arm: number, edition: string, bucket: number, silence?: PullCount['silence']): void
  /** Pulls of this process that the newest snapshot does not show. */
  unseen(arm: number): number
  /** The flush to send; the same one again, under the same number, until it is acknowledged. */
  nextFlush(): PullFlush | undefined
  acknowledged(): void
  /** What a flush brought is lost, and goes with the next one again. */
  again(flush: PullFlush): void
  /** A snapshot read after the last acknowledgement has been adopted. */
  seen(): void
}

interface Row {
  pulls: number
  silence?: { readonly epoch: number; readonly sums: Float64Array }
}

export function createPullCounter(gateway: string, arms: readonly string[]): PullCounter {
  const inFlight = new Float64Array(arms.length)
  const waiting = new Float64Array(arms.length)
  const flushed = new Float64Array(arms.length)
  let counts = new Map<number, Map<string, Row>>()
  let sending: PullFlush | undefined
  let sequence = 0

  function count(arm: number, edition: string, bucket: number, pulls: number, silence: PullCount['silence']) {
    waiting[arm]! += pulls
    let rows = counts.get(bucket)
    if (rows === undefined) counts.set(bucket, (rows = new Map()))
    let row = rows.get(edition)
    if (row === undefined) rows.set(edition, (row = { pulls: 0 }))
    row.pulls += pulls
    if (silence !== undefined) row.silence = add(row.silence, silence)
  }

  return {
    chosen(arm) {
      inFlight[arm]! += 1
    },
    abandoned(arm) {
      inFlight[arm]! -= 1
    },
    answered(arm, edition, bucket, silence) {
      inFlight[arm]! -= 1
      count(arm, edition, bucket, 1, silence)
    },
    unseen: (arm) => inFlight[arm]! + waiting[arm]! + flushed[arm]!,
    nextFlush() {
      if (sending !== undefined || counts.size === 0) return sending
      sequence += 1
      sending = { gateway, sequence, counts: toCounts(counts) }
      counts = new Map()
      return sending
    },
    acknowledged() {
      for (const { arm, pulls } of sending?.counts ?? []) {
        const index = arms.indexOf(armOfEdition(arm))
        waiting[index]! -= pulls
        flushed[index]! += pulls
      }
      sending = undefined
    },
    again(flush) {
      for (const { arm, bucket, pulls, silence } of flush.counts)
        count(arms.indexOf(armOfEdition(arm)), arm, bucket, pulls, silence)
    },
    seen() {
      flushed.fill(0)
    },
  }
}

/** Into the sums that are there: nobody else has them. */
function add(
  all: Row['silence'],
  { epoch, sums }: NonNullable<PullCount['silence']>,
): NonNullable<Row['silence']> {
  if (all === undefined) return { epoch, sums: sums.slice() }
  for (let at = 0; at < sums.length; at++) all.sums[at]! += sums[at]!
  return all
}

function toCounts(counts: ReadonlyMap<number, ReadonlyMap<string, Row>>): PullCount[] {
  return [...counts].flatMap(([bucket, rows]) => Array.from(rows, ([arm, row]) => ({ arm, bucket, ...row })))
}
