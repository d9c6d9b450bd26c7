/** How long a call that comes now is going to take, by how long batches took lately. */
export interface ExpectedWait {
  /** A batch was answered after so long. */
  ran(ms: number): void
  /** Milliseconds until a call is answered that has so many batches before it on each replica. */
  afterBatches(count: number): number
}

/** Weight of the newest batch. */
const newest = 0.2

export function createExpectedWait(): ExpectedWait {
  let batchMs = 0
  return {
    ran: (ms) => void (batchMs += newest * (ms - batchMs)),
    afterBatches: (count) => (count + 1) * batchMs,
  }
}
