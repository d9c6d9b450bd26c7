import type { Numbered } from './ring.ts'
import type { HistoryPoint } from './shape.ts'

/** Points at least `stepMs` apart, none older than `spanMs` before the newest. */
export interface Tier {
  readonly stepMs: number
  readonly spanMs: number
}

const second = 1000
const minute = 60 * second

/** Fine for what is being watched, coarse for what was: an hour in some 370 points. */
const hour: readonly Tier[] = [
  { stepMs: second, spanMs: 2 * minute },
  { stepMs: 5 * second, spanMs: 10 * minute },
  { stepMs: 30 * second, spanMs: 60 * minute },
]

/** A timer that fires a little early must not cost a whole step. */
const slackMs = 100

export interface History {
  add(sequence: number, point: HistoryPoint): void
  /** Oldest first, those with a greater sequence, each tier where no finer one reaches. */
  after(sequence: number): HistoryPoint[]
}

export function createHistory(tiers: readonly Tier[] = hour): History {
  const kept = tiers.map((tier) => ({ ...tier, points: [] as Numbered<HistoryPoint>[] }))
  return {
    add(sequence, item) {
      for (const { stepMs, spanMs, points } of kept) {
        const last = points.at(-1)
        if (last !== undefined && item.at - last.item.at < stepMs - slackMs) continue
        points.push({ sequence, item })
        while (points[0]!.item.at < item.at - spanMs) points.shift()
      }
    },
    after(sequence) {
      let from = Infinity
      const chosen: Numbered<HistoryPoint>[] = []
      for (const { points } of kept) {
        chosen.unshift(...points.filter(({ item }) => item.at < from))
        from = Math.min(from, points[0]?.item.at ?? Infinity)
      }
      return chosen.filter((each) => each.sequence > sequence).map(({ item }) => item)
    },
  }
}
