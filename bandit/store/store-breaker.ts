import { StoreUnavailable } from './store.ts'

/**
 * Stops calls to a server that does not answer, so that nobody waits for it: it opens after some calls in a row, or
 * after a second in which none was answered, and closes when the server answers a question of its own.
 */
export interface StoreBreaker {
  /** Throws a StoreUnavailable with the newest reason while it is open. */
  check(): void
  /** The server has said something, though it may have been a refusal. */
  heard(): void
  missed(reason: string): void
  /** Asks the server at once rather than at the next second, if it is open. */
  ask(): void
  stop(): void
}

export interface StoreBreakerDeps {
  /** Rejects when the server does not answer. */
  readonly ping: () => Promise<unknown>
  /** Milliseconds that never go back. */
  readonly monotonic: () => number
  readonly changed: (change: BreakerChange) => void
}

export type BreakerChange = { readonly state: 'open'; readonly reason: string } | { readonly state: 'closed' }

const missesToOpen = 5
const silenceToOpenMs = 1000
const askEveryMs = 1000

export function createStoreBreaker({ ping, monotonic, changed }: StoreBreakerDeps): StoreBreaker {
  let misses = 0
  let silentSince = 0
  let reason = ''
  let timer: NodeJS.Timeout | undefined
  let asking = false
  let stopped = false

  const isOpen = () => timer !== undefined

  function open(): void {
    timer = setInterval(() => void ask(), askEveryMs)
    timer.unref()
    changed({ state: 'open', reason })
  }

  function close(): void {
    clearInterval(timer)
    timer = undefined
    misses = 0
  }

  async function ask(): Promise<void> {
    if (!isOpen() || asking) return
    asking = true
    try {
      await ping()
      if (isOpen()) {
        close()
        changed({ state: 'closed' })
      }
    } catch {
      // It stays open, and is asked again.
    } finally {
      asking = false
    }
  }

  return {
    check() {
      if (isOpen()) throw new StoreUnavailable(reason)
    },
    heard() {
      // An answer that was under way when it opened closes nothing: the server is asked first.
      if (!isOpen()) misses = 0
    },
    missed(why) {
      reason = why
      if (isOpen() || stopped) return
      if (misses === 0) silentSince = monotonic()
      misses += 1
      if (misses >= missesToOpen || monotonic() - silentSince >= silenceToOpenMs) open()
    },
    ask: () => void ask(),
    stop() {
      stopped = true
      close()
    },
  }
}
