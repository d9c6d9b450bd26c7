import type { Clock } from '../calls/clock.ts'

/** Looks after a replica that has nothing to do, so that the next request does not find out that it hangs. */
export interface IdleWatch {
  /** From now on, until `stop`. */
  start(): void
  stop(): void
}

interface IdleWatchDeps {
  readonly clock: Clock
  /** A number that changes with every batch; undefined while one runs, or the replica is not asked anyway. */
  readonly idleSince: () => number | undefined
  readonly ping: () => Promise<boolean>
  /** Three pings in a row were missed. */
  readonly lost: () => void
}

const everyMs = 1_000
const misses = 3

export function createIdleWatch({ clock, idleSince, ping, lost }: IdleWatchDeps): IdleWatch {
  let missed = 0
  let stop = (): void => {}

  async function look(): Promise<void> {
    const before = idleSince()
    // Work is a better sign of life, and a worker that computes answers nothing.
    const isWell = before === undefined || (await ping()) || idleSince() !== before
    missed = isWell ? 0 : missed + 1
    if (missed < misses) return
    missed = 0
    lost()
  }

  function start(): void {
    let isOver = false
    const cancel = clock.after(everyMs, () => {
      void look().then(() => {
        if (!isOver) start()
      })
    })
    stop = () => {
      isOver = true
      cancel()
    }
  }

  return { start, stop: () => stop() }
}
