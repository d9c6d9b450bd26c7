import type { Clock } from './clock.ts'

/** One timer for any number of deadlines: it stands at the earliest, and is left standing when that is met. */
export interface DeadlineTimer {
  watch(deadlineAt: number): void
  stop(): void
}

interface DeadlineTimerDeps {
  readonly clock: Clock
  /** Ends what is due at `now` and answers the earliest deadline left, Infinity for none. */
  readonly expire: (now: number) => number
}

/**
 * Later than this, something else kept the loop. Answers may have come meanwhile and wait to be read, which they are before
 * the next timer: nobody is to blame for being late who is not.
 */
const lateMs = 20

export function createDeadlineTimer({ clock, expire }: DeadlineTimerDeps): DeadlineTimer {
  let standsAt = Infinity
  let stop = (): void => {}

  function watch(deadlineAt: number): void {
    if (deadlineAt >= standsAt) return
    stop()
    standsAt = deadlineAt
    stop = clock.after(Math.max(0, deadlineAt - clock.now()), ring)
  }

  function ring(): void {
    if (clock.now() - standsAt > lateMs) stop = clock.after(0, end)
    else end()
  }

  function end(): void {
    standsAt = Infinity
    watch(expire(clock.now()))
  }

  return { watch, stop: () => stop() }
}
