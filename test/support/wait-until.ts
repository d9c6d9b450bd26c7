import { setTimeout as sleep } from 'node:timers/promises'

interface WaitOptions {
  /** Completes the sentence "gave up waiting until …". */
  readonly what: string
  readonly timeoutMs?: number
  readonly intervalMs?: number
}

/**
 * Asks again and again until the answer is neither undefined nor false, and returns that answer. An error of
 * `ask` counts as "not yet"; the last one is the cause of the error thrown when time is up.
 */
export const waitUntil = async <T>(
  ask: () => T | Promise<T>,
  { what, timeoutMs = 15_000, intervalMs = 10 }: WaitOptions,
): Promise<Exclude<T, undefined | false>> => {
  const giveUpAt = performance.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() >= giveUpAt)
      throw new Error(`gave up waiting until ${what} after ${timeoutMs} ms`, { cause })
    await sleep(intervalMs)
  }
}
