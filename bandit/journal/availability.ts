import type { JournalEvents } from './events.ts'

/** Whether feedback goes to the store before it is answered. */
export interface Availability {
  isAway(): boolean
  /** The store is there, but older feedback than what comes now is still on its way to it. */
  isCatchingUp(): boolean
  /**
   * The store has just come back as another one: what it lost of other gateways' decisions they may still be about to give
   * back, so that nothing it does not know of is unknown for good.
   */
  isRecovering(): boolean
  lost(reason: Error): void
  back(): void
  caughtUp(): void
  /** It is another store than before. */
  changed(): void
}

/** Gateways ask the store once a second who it is, and have a second or two of records to give back. */
const recoversWithinMs = 10_000

/** Away until the store has been found for the first time, though nothing is told of that. */
export function createAvailability(
  events: Pick<JournalEvents, 'away'>,
  /** Milliseconds since 1970. */
  clock: () => number,
): Availability {
  let state: 'away' | 'catching up' | 'there' = 'away'
  let changedAt = -Infinity
  return {
    isAway: () => state === 'away',
    isCatchingUp: () => state === 'catching up',
    isRecovering: () => Math.abs(clock() - changedAt) < recoversWithinMs,
    lost(reason) {
      if (state !== 'away') events.away(reason)
      state = 'away'
    },
    back: () => void (state = 'catching up'),
    caughtUp: () => void (state = 'there'),
    changed: () => void (changedAt = clock()),
  }
}
