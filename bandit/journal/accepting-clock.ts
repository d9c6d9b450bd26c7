import type { Feedback } from '../types.ts'

/** Further behind what was given, the clock was put back; nothing may pile up until it is there again. */
const maxBeyondMs = 1000

/**
 * When a feedback is accepted, in ms since 1970. Later for every further one about the same event, even within one
 * millisecond, so that a replay knows which of them is newer.
 */
export function createAcceptingClock(clock: () => number): (feedback: Feedback) => number {
  /** Events accepted at the newest millisecond, or a little beyond. */
  const given = new Map<string, number>()
  let newest = 0
  return (feedback) => {
    const now = clock()
    if (now > newest || now < newest - maxBeyondMs) {
      given.clear()
      newest = now
    }
    const { predictionId, callerId, eventId } = feedback
    const event = JSON.stringify([
      predictionId ?? [callerId?.endpoint, callerId?.id, callerId?.tenant],
      eventId,
    ])
    const last = given.get(event)
    const acceptedAt = last === undefined ? now : Math.max(now, last + 1)
    given.set(event, acceptedAt)
    newest = Math.max(newest, acceptedAt)
    return acceptedAt
  }
}
