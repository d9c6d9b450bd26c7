/** How much each of some names has had within the last hour, give or take five minutes. */
export interface HourlyCounts {
  /** Forgets what is older. */
  readonly advance: () => void
  of(name: string): number
  readonly total: () => number
  /** Names that have had anything. */
  readonly names: () => number
  /** Counts one more; what it answers takes that back, once, as long as it is remembered. */
  add(name: string): () => void
}

const sliceMs = 300_000
const slices = 12

/** @param monotonic milliseconds of a clock that never steps */
export function createHourlyCounts(monotonic: () => number): HourlyCounts {
  const recent = new Map<number, Map<string, number>>()
  const counts = new Map<string, number>()
  let total = 0
  const sliceNow = (): number => Math.floor(monotonic() / sliceMs)

  function change(name: string, by: number): void {
    const count = (counts.get(name) ?? 0) + by
    if (count === 0) counts.delete(name)
    else counts.set(name, count)
    total += by
  }

  return {
    advance() {
      const now = sliceNow()
      for (const [at, slice] of recent) {
        if (at > now - slices) continue
        recent.delete(at)
        for (const [name, count] of slice) change(name, -count)
      }
    },
    of: (name) => counts.get(name) ?? 0,
    total: () => total,
    names: () => counts.size,
    add(name) {
      const now = sliceNow()
      const slice = recent.get(now) ?? new Map<string, number>()
      recent.set(now, slice.set(name, (slice.get(name) ?? 0) + 1))
      change(name, 1)
      return () => {
        if (recent.get(now) !== slice) return
        slice.set(name, slice.get(name)! - 1)
        change(name, -1)
      }
    },
  }
}
