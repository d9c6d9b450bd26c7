/** Time as the supervisor sees it, so that tests need not wait. */
export interface Timers {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** Runs `task` once in `ms`; the answer calls it off. */
  after(ms: number, task: () => void): () => void
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
