/** How one worker process ended. */
interface Ended {
  readonly now: number
  /** How long it had been ready; 0 when it never was. */
  readonly upMs: number
  /** It had to be killed because it did not return. */
  readonly hung: boolean
}

/** Up this long, a replica has proved itself. */
export const provenMs = 60_000
/** Within a minute. */
const exitsBefore = 5
const hangsBefore = 3

/**
 * Tells after each end of a replica whether to leave it alone for long: when it ended five times within a minute, or
 * hung three times, and from then on after every end before it has been up for a minute again.
 */
export function createQuarantineRule(): (ended: Ended) => boolean {
  let recent: readonly Ended[] = []
  let suspected = false

  return function isDue(ended) {
    if (ended.upMs >= provenMs) suspected = false
    recent = [...recent.filter(({ now }) => ended.now - now < provenMs), ended]
    suspected ||= recent.length >= exitsBefore || recent.filter(({ hung }) => hung).length >= hangsBefore
    return suspected
  }
}
