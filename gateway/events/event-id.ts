import { createHash } from 'node:crypto'
import type { EventKind, NewEvent } from './event.ts'

/** What every gateway on a store sees of an endpoint alike, within seconds of each other. */
const seenByAll: ReadonlySet<EventKind> = new Set([
  'canary_advanced',
  'canary_completed',
  'canary_rolled_back',
  'drift_found',
  'drift_over',
  'feedback_stalled',
  'feedback_back',
  'sample_ratio_mismatch',
  'warning',
  'warning_over',
  'winner_found',
  'winner_lost',
])

const sameForMs = 600_000

export interface EventIdsDeps {
  /** Unique over all gateways. */
  readonly createId: () => string
}

/**
 * Ids of events. What every gateway sees alike has an id that every gateway makes alike: SHA-256 of what it is, of the
 * ten minutes in which it was seen and of how often it was seen in them, so that a receiver which leaves out ids that it
 * knows acts once. Two gateways on either side of the end of ten minutes still tell it twice.
 */
export function createEventIds({ createId }: EventIdsDeps): (event: NewEvent, at: number) => string {
  let slice = 0
  const seen = new Map<string, number>()
  return (event, at) => {
    if (!seenByAll.has(event.kind)) return createId()
    const now = Math.floor(at / sameForMs)
    if (now !== slice) seen.clear()
    slice = now
    const what = JSON.stringify([event.kind, event.endpoint, event.arm, event.about])
    const times = (seen.get(what) ?? 0) + 1
    seen.set(what, times)
    return createHash('sha256').update(`${what} ${slice} ${times}`).digest('hex').slice(0, 32)
  }
}
