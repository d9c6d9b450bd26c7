/** Time as the upstream sees it; handed in, so that tests can turn it by hand. */
export interface Clock {
  /** Monotonic milliseconds; deadlines are given in it. */
  now(this: void): number
  /** Calls `callback` once, `delayMs` from now. Answers how to call that off. */
  after(delayMs: number, callback: () => void): () => void
}

const longestDelayMs = 2 ** 31 - 1

/** performance.now() and timers that do not keep the process alive: whoever waits for them has a socket open. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    // Timers count whole milliseconds and would be early by the fraction.
    const timer = setTimeout(callback, Math.min(Math.ceil(delayMs), longestDelayMs)).unref()
    return () => clearTimeout(timer)
  },
}
