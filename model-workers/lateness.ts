import type { IncomingMessage } from 'node:http'
import { HttpFault } from './http.ts'
import { timeoutName } from './protocol/head.ts'

/** Keeps a worker from computing what nobody waits for any more. */
export interface Lateness {
  /** When a request is heard of, before its body is read. */
  arrived(): number
  /**
   * Resolves when it is to be computed.
   *
   * @throws HttpFault 504 when whoever sent it has left, or has said that it would have by now
   */
  check(request: IncomingMessage, arrivedAt: number): Promise<void>
  /** Calls `compute` and remembers how long it kept the loop. */
  timed<Result>(compute: () => Promise<Result>): Promise<Result>
}

/** A computation as long as this may have kept others unread. */
const longMs = 5
const rounds = 2
const nextRound = () => new Promise((resolve) => setImmediate(resolve))

/**
 * While the model computes, requests lie unread in their sockets, and nobody can say for how long. After a long computation the
 * loop is therefore let go round, before the next one begins: it then knows who has hung up meanwhile, and the
 * requests that came together have all arrived, so that the last of them waits by its own clock.
 */
export function createLateness(now: () => number = () => performance.now()): Lateness {
  let lastMs = 0

  return {
    arrived: now,
    async check(request, arrivedAt) {
      const timeoutMs = Number(request.headers[timeoutName])
      // NaN where it says nothing that is a number.
      if (!(timeoutMs > 0)) return
      // What came is read in one round of the loop, and that its sender has hung up in the next.
      for (let round = lastMs >= longMs ? 0 : rounds; round < rounds; round++) await nextRound()
      const { socket } = request
      if (socket.destroyed || socket.readableEnded)
        throw new HttpFault(504, 'nobody waits for the answer: nothing was computed')
      if (now() - arrivedAt < timeoutMs) return
      const words = `the answer was wanted within ${timeoutMs} ms, which are over: nothing was computed`
      throw new HttpFault(504, words)
    },
    async timed(compute) {
      const beganAt = now()
      try {
        return await compute()
      } finally {
        lastMs = now() - beganAt
      }
    },
  }
}
