/** Does things at a rate; what is too much for it waits. */
export interface Pace {
  /** At once while the rate allows it, else as soon as it does, in the order in which they came. */
  run(this: void, task: () => void): void
  waiting(this: void): number
}

interface PaceDeps {
  readonly perSecond: () => number
  /** Milliseconds that never go back. */
  readonly now: () => number
  readonly after: (ms: number, task: () => void) => void
}

/** What was not used is saved for so long. */
const savedMs = 100
const tickMs = 10

export function createPace({ perSecond, now, after }: PaceDeps): Pace {
  let tokens = 0
  let countedAt = now() - savedMs
  let queue: (() => void)[] = []
  let isTicking = false

  function earn(): void {
    const at = now()
    const rate = perSecond() / 1000
    tokens = Math.min(rate * savedMs, tokens + rate * (at - countedAt))
    countedAt = at
  }

  function tick(): void {
    earn()
    const due = queue.slice(0, Math.floor(tokens))
    queue = queue.slice(due.length)
    tokens -= due.length
    for (const task of due) task()
    isTicking = queue.length > 0
    if (isTicking) after(tickMs, tick)
  }

  return {
    run(task) {
      earn()
      if (queue.length === 0 && tokens >= 1) {
        tokens--
        return task()
      }
      queue.push(task)
      if (isTicking) return
      isTicking = true
      after(tickMs, tick)
    },
    waiting: () => queue.length,
  }
}
