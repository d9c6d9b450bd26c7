import type { JournalEvents } from './events.ts'

/** Whether feedback goes to the store before it is answered. */
export interface Availability {
  isAway(): boolean
  /** The store is there, but older feedback than what comes now is still on its way to it. */
  isCatchingUp(): boolean
  lost(reason: Error): void
  back(): void
  caughtUp(): void
}

/** Away until the store has been found for the first time, though nothing is told of that. */
export function createAvailability(events: Pick<JournalEvents, 'away'>): Availability {
  let state: 'away' | 'catching up' | 'there' = 'away'
  return {
    isAway: () => state === 'away',
    isCatchingUp: () => state === 'catching up',
    lost(reason) {
      if (state !== 'away') events.away(reason)
      state = 'away'
    },
    back: () => void (state = 'catching up'),
    caughtUp: () => void (state = 'there'),
  }
}
