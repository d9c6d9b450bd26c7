import type { UpstreamFault } from '../errors.ts'

/** How many batches a replica may have at once. */
export interface Concurrency {
  limit(): number
  /** One of `underWay` batches has ended after `ranMs`. */
  observe(ranMs: number, underWay: number, fault: UpstreamFault | undefined): void
}

const atFirst = 20
const least = 1
/** More than that are never under way at one replica. */
export const mostBatches = 200
const tolerance = 1.5
const smoothing = 0.2
/** Batches that may always wait at the other side, so that a limit can grow. */
const slack = 4
/** Batches that the long mean looks back over, and those after which it is one. */
const longSpan = 600
const warmUp = 10

/**
 * The limit follows the gradient of the latency: g = 1.5 · long mean / this one, within [0.5, 1], and
 * limit ← 0.8 · limit + 0.2 · (g · limit + 4). A batch that takes more than 1.5 times the usual has waited at the other
 * side. A refusal for too much load counts as g = 0.5, however quickly it came. (Netflix, concurrency-limits, Gradient2.)
 */
export function createGradient(): Concurrency {
  let limit = atFirst
  let longMs = 0
  let seen = 0

  function learn(ranMs: number): void {
    seen++
    const share = seen <= warmUp ? 1 / seen : 2 / (longSpan + 1)
    longMs += share * (ranMs - longMs)
    // After a slow time the long mean would take minutes to come back down.
    if (longMs > 2 * ranMs) longMs *= 0.95
  }

  return {
    limit: () => Math.floor(limit),
    observe(ranMs, underWay, fault) {
      const isRefusal = fault === 'overloaded'
      if (fault !== undefined && fault !== 'timeout' && !isRefusal) return
      if (!isRefusal) learn(Math.max(ranMs, 0.001))
      // With so few under way the latency says nothing of the limit.
      if (!isRefusal && underWay < limit / 2) return
      const gradient = isRefusal
        ? 0.5
        : Math.max(0.5, Math.min(1, (tolerance * longMs) / Math.max(ranMs, 0.001)))
      const room = isRefusal ? 0 : slack
      limit = (1 - smoothing) * limit + smoothing * (gradient * limit + room)
      limit = Math.max(least, Math.min(mostBatches, limit))
    },
  }
}
