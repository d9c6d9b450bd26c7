import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from './gateway-client.ts'
import type { Random } from './random.ts'

export interface RetryDeps {
  /** How long after the first try another one may still start. */
  readonly patienceMs: number
  readonly random: Random
  readonly signal: AbortSignal
  /** Called before each further try. */
  readonly onRetry: (reason: string) => void
}

/**
 * Asks until there is an answer or a refusal, or patience has run out; the last reply then is an `again`. Waits
 * what the gateway asked for, else 50 ms doubling up to 1 s, spread by half either way so that callers who failed
 * together do not come back together.
 */
export const askUntilAnswered = async <T>(
  ask: () => Promise<Reply<T>>,
  { patienceMs, random, signal, onRetry }: RetryDeps,
): Promise<Reply<T>> => {
  const startedAt = performance.now()
  for (let tries = 0; ; tries++) {
    const reply = await ask()
    if (reply.status !== 'again' || performance.now() - startedAt > patienceMs) return reply
    const waitMs = reply.afterMs ?? Math.min(1_000, 50 * 2 ** tries)
    await sleep(waitMs * (0.5 + random()), undefined, { signal })
    onRetry(reply.reason)
  }
}
