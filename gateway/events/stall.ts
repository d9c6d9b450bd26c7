/** Of an endpoint, in its life, on every gateway. */
export interface FeedbackCounts {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly pulls: number
  /** Pulls of which something was heard. */
  readonly heard: number
  /** By which nine tenths of the feedback have come; 0 before the first. */
  readonly p90Ms: number
}

export type StallVerdict =
  | {
      readonly verdict: 'stalled'
      readonly silentMs: number
      /** Pulls since the last feedback that have had time enough to be answered. */
      readonly pulls: number
      /** Of them, as many as feedback was to be expected for. */
      readonly expected: number
    }
  | { readonly verdict: 'back'; readonly silentMs: number }

/** A pull has had time enough after so many times the delay of nine tenths of the feedback. */
const factor = 3
/** Where so many were to be expected, none at all comes about by chance once in 20,000 times (e⁻¹⁰). */
const enough = 10
const samples = 32

/**
 * Finds out whether an endpoint's feedback has stopped, from its counts as they go on. Silence alone says nothing, at
 * night or where feedback is rare: it counts pulls that were made since the last feedback and are older than
 * max(3 · p90, `leastMs`), and takes the share of all pulls that was ever heard of; when ten were to be expected and none
 * came, it has stopped.
 */
export function createStallWatch(leastMs: number): (counts: FeedbackCounts) => StallVerdict | undefined {
  let before: FeedbackCounts | undefined
  /** Pulls as they were, from the last feedback on, oldest first. */
  let past: { readonly at: number; readonly pulls: number }[] = []
  let isStalled = false

  return (counts) => {
    const { at, pulls, heard, p90Ms } = counts
    if (before === undefined || heard !== before.heard) {
      const silentMs = at - (before?.at ?? at)
      before = counts
      past = [{ at, pulls }]
      if (!isStalled) return undefined
      isStalled = false
      return { verdict: 'back', silentMs }
    }
    if (isStalled || heard === 0) return undefined
    const patienceMs = Math.max(factor * p90Ms, leastMs)
    if (at - past.at(-1)!.at >= patienceMs / samples) past.push({ at, pulls })
    while (past.length > 1 && past[1]!.at <= at - patienceMs) past.shift()
    const oldest = past[0]!
    if (oldest.at > at - patienceMs) return undefined
    const ripe = oldest.pulls - before.pulls
    const expected = ripe * Math.min(1, heard / before.pulls)
    if (expected < enough) return undefined
    isStalled = true
    return { verdict: 'stalled', silentMs: at - before.at, pulls: ripe, expected: Math.round(expected) }
  }
}
