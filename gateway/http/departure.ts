import type { AppContext } from './request-info.ts'

/** Whether anybody still waits for the answer to a request. */
export interface Departure {
  isGone(): boolean
  /** Calls back when the client leaves before its answer, or at the latest when it has it. */
  onGone(callback: () => void): void
}

/** By the connection, where there is one; the signal of the request costs as much as all else that is done with it. */
export function departureOf(c: AppContext): Departure {
  const outgoing = c.env?.outgoing
  if (outgoing === undefined) {
    return { isGone: () => c.req.raw.signal.aborted, onGone: () => {} }
  }
  return {
    isGone: () => outgoing.destroyed,
    onGone: (callback) => void outgoing.once('close', callback),
  }
}
