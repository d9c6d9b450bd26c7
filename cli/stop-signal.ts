import { once } from 'node:events'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface StopSignal {
  /** Aborted as soon as the process is asked to stop. */
  readonly signal: AbortSignal
  /** Resolves then. */
  requested(): Promise<void>
  /** Leaves the process's signals to their defaults again. */
  release(): void
}

/**
 * Turns what asks this process to stop into one AbortSignal: a signal, or the end of a parent that started it with
 * a channel, whose child would otherwise run on for nobody. A second signal means that the user will not wait: `force`.
 */
export const createStopSignal = (force: () => void): StopSignal => {
  const controller = new AbortController()
  const { signal } = controller
  const onSignal = () => (signal.aborted ? force() : controller.abort())
  const onDisconnect = () => controller.abort()
  for (const name of names) process.on(name, onSignal)
  process.on('disconnect', onDisconnect)
  // The channel alone is no reason to stay.
  process.channel?.unref()
  return {
    signal,
    requested: async () => {
      if (!signal.aborted) await once(signal, 'abort')
    },
    release: () => {
      for (const name of names) process.off(name, onSignal)
      process.off('disconnect', onDisconnect)
    },
  }
}
