/** Says when a replica whose answers fail is to be left alone, and for how long. */
export interface Breaker {
  good(): void
  /** Milliseconds for which it is left alone from now on; undefined while it may still be asked. */
  bad(): number | undefined
}

interface BreakerDeps {
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

const badInARow = 5
/** Of at least so many answers within the span. */
const badShare = 0.5
const leastAnswers = 20
const spanMs = 10_000
const stepMs = 5_000
const longestMs = 300_000
/** Answers that prove it well again; a fault before that opens the breaker at once. */
const goodToClose = 3

/**
 * Opens at five faults in a row, or when half of at least 20 answers within some 10 s were faults; for 5 s × n, the
 * n-th time in a row, ± 20 % and at most 300 s.
 */
export function createBreaker({ now, random }: BreakerDeps): Breaker {
  let inARow = 0
  let openings = 0
  let toProve = 0
  // Two halves of the span: what is told of the older one is let go whole.
  let half = { from: now(), good: 0, bad: 0 }
  let older = { good: 0, bad: 0 }

  function count(kind: 'good' | 'bad'): void {
    const age = now() - half.from
    if (age >= spanMs / 2) {
      older = age >= spanMs ? { good: 0, bad: 0 } : half
      half = { from: now(), good: 0, bad: 0 }
    }
    half[kind]++
  }

  function isDue(): boolean {
    if (toProve > 0 || inARow >= badInARow) return true
    const bad = half.bad + older.bad
    const all = bad + half.good + older.good
    return all >= leastAnswers && bad >= badShare * all
  }

  return {
    good() {
      count('good')
      inARow = 0
      if (toProve > 0 && --toProve === 0) openings = 0
    },
    bad() {
      count('bad')
      inARow++
      if (!isDue()) return undefined
      openings++
      inARow = 0
      toProve = goodToClose
      half = { from: now(), good: 0, bad: 0 }
      older = { good: 0, bad: 0 }
      return Math.min(longestMs, stepMs * openings) * (0.8 + 0.4 * random())
    },
  }
}
