import type { Logger } from 'pino'

/** What ends the process when it cannot end by itself. */
export interface Emergency {
  /** Aborted when something was thrown that nobody caught. */
  readonly signal: AbortSignal
  /** From now on it has so long to end by itself, ms. */
  endWithin(ms: number): void
  release(): void
}

/** After a fault that nobody caught nothing is sure any more: as much as can be is answered and written within this. */
const crashMs = 5000

/**
 * Nothing that counts is lost with a hard end: what was acknowledged is in the store or in the journal by then, and workers
 * end with the channel to their supervisor.
 */
export function createEmergency(logger: Pick<Logger, 'fatal'>): Emergency {
  const crashed = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function endWithin(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      logger.fatal({ after_ms: ms }, 'it did not stop in time: ending it')
      process.exit(1)
    }, ms).unref()
  }

  // Rejections that nobody handles come here too.
  function onCrash(err: unknown): void {
    logger.fatal({ err }, 'a fault that nobody caught: stopping')
    process.exitCode = 1
    if (crashed.signal.aborted) return
    crashed.abort()
    endWithin(crashMs)
  }

  process.on('uncaughtException', onCrash)
  return {
    signal: crashed.signal,
    endWithin,
    release() {
      clearTimeout(timer)
      process.off('uncaughtException', onCrash)
    },
  }
}
