/** Keeps a turn of the event loop short. */
export interface Turns {
  /** Does it now, or in the next turn where this one has gone on for too long. */
  run(this: void, task: () => void): void
}

interface TurnsDeps {
  /** Milliseconds that never go back. */
  readonly now: () => number
  /** Calls back once what is there to be read has been read. */
  readonly atEnd: (task: () => void) => void
}

const longMs = 50

/**
 * libuv reads from sockets for as long as it finds a thousand that are ready. With more connections than that, and a
 * client that sends its next request as soon as it has an answer, the loop does not come back to its timers for seconds,
 * and nothing that they should notice is noticed. Whoever has to wait for an answer does not send the next request.
 */
export function createTurns({ now, atEnd }: TurnsDeps): Turns {
  let beganAt: number | undefined
  let later: (() => void)[] = []

  function end(): void {
    beganAt = undefined
    const due = later
    later = []
    for (const task of due) task()
  }

  return {
    run(task) {
      const at = now()
      if (beganAt === undefined) {
        beganAt = at
        atEnd(end)
      }
      if (at - beganAt > longMs) later.push(task)
      else task()
    },
  }
}
