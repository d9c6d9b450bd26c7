import type { PullFlush } from './store/store.ts'

/**
 * Counts decisions between choosing and the store: in flight until answered, then waiting to be flushed, then
 * flushed but not yet seen in a snapshot. What a policy calls pending must hold all three, or an index policy
 * would send everything that comes between two snapshots to one arm.
 */
export interface PullCounter {
  chosen(arm: number): void
  abandoned(arm: number): void
  answered(arm: number, bucket: number): void
  /** Pulls of this process that the newest snapshot does not show. */
  unseen(arm: number): number
  /** The flush to send; the same one again, under the same number, until it is acknowledged. */
  nextFlush(): PullFlush | undefined
  acknowledged(): void
  /** A snapshot read after the last acknowledgement has been adopted. */
  seen(): void
}

export function createPullCounter(gateway: string, arms: readonly string[]): PullCounter {
  const inFlight = new Float64Array(arms.length)
  const waiting = new Float64Array(arms.length)
  const flushed = new Float64Array(arms.length)
  let counts = new Map<number, Float64Array>()
  let sending: PullFlush | undefined
  let sequence = 0

  return {
    chosen(arm) {
      inFlight[arm]! += 1
    },
    abandoned(arm) {
      inFlight[arm]! -= 1
    },
    answered(arm, bucket) {
      inFlight[arm]! -= 1
      waiting[arm]! += 1
      let row = counts.get(bucket)
      if (row === undefined) counts.set(bucket, (row = new Float64Array(arms.length)))
      row[arm]! += 1
    },
    unseen: (arm) => inFlight[arm]! + waiting[arm]! + flushed[arm]!,
    nextFlush() {
      if (sending !== undefined || counts.size === 0) return sending
      sequence += 1
      sending = { gateway, sequence, counts: toCounts(counts, arms) }
      counts = new Map()
      return sending
    },
    acknowledged() {
      for (const { arm, pulls } of sending?.counts ?? []) {
        const index = arms.indexOf(arm)
        waiting[index]! -= pulls
        flushed[index]! += pulls
      }
      sending = undefined
    },
    seen() {
      flushed.fill(0)
    },
  }
}

function toCounts(counts: ReadonlyMap<number, Float64Array>, arms: readonly string[]): PullFlush['counts'] {
  return [...counts].flatMap(([bucket, row]) =>
    arms.map((arm, index) => ({ arm, bucket, pulls: row[index]! })).filter(({ pulls }) => pulls > 0),
  )
}
