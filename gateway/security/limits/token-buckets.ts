/** So many at once, and so many a second in the long run. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export interface TokenBuckets {
  /**
   * Takes `count` tokens while any are left, and says 0; else how many milliseconds it will take until one is there.
   * The last taker may go into debt, which those after it wait for.
   */
  take(this: void, owner: string, rate: Rate, count?: number): number
}

interface Bucket {
  tokens: number
  /** Milliseconds, when `tokens` was true. */
  at: number
}

/**
 * One bucket an owner, full at first. Beyond `atMost` owners the one that has been quiet longest is forgotten, so
 * that owners whom callers can make up fill no memory.
 */
export function createTokenBuckets(monotonic: () => number, atMost = 10_000): TokenBuckets {
  const buckets = new Map<string, Bucket>()

  return {
    take(owner, { perSecond, burst }, count = 1) {
      const now = monotonic()
      const bucket = buckets.get(owner) ?? { tokens: burst, at: now }
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000)
      bucket.at = now
      buckets.delete(owner)
      buckets.set(owner, bucket)
      if (buckets.size > atMost) buckets.delete(buckets.keys().next().value!)
      if (bucket.tokens < 1) return Math.max(1, ((1 - bucket.tokens) * 1000) / perSecond)
      bucket.tokens -= count
      return 0
    },
  }
}
