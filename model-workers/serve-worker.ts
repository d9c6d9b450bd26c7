import type { Logger } from 'pino'
import { ListenFault } from './listen.ts'
import { ModelFault } from './model.ts'
import { runWorker, type WorkerOptions } from './run-worker.ts'
import type { WorkerMessage } from './worker-messages.ts'

export interface ServeOptions extends WorkerOptions {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>
}

/**
 * Serves one model for the rest of this process's life: until SIGTERM, SIGINT or, when a supervisor started it, until
 * that one is gone. What keeps it from serving is told the supervisor, else logged as one line; the exit code is 1.
 */
export async function serveWorker(options: ServeOptions): Promise<void> {
  const { logger, name: model } = options
  const supervised = process.send !== undefined
  if (supervised) obeySupervisor()
  try {
    const { address, metadata, stop } = await runWorker(options)
    const leave = (): void => {
      void stop().then(closeChannel)
    }
    process.once('SIGTERM', leave)
    if (supervised) tell({ type: 'ready', address, metadata })
    else {
      process.once('SIGINT', leave)
      logger.info({ model, address }, 'serving')
    }
  } catch (error) {
    if (!(error instanceof ModelFault || error instanceof ListenFault)) throw error
    process.exitCode = 1
    if (supervised) tell({ type: 'failed', reason: error.message }, closeChannel)
    else logger.fatal({ model, code: error.code }, error.message)
  }
}

function obeySupervisor(): void {
  // An orphan would hold its memory and its socket for ever, and nothing that it computes has a reader.
  const quit = (): never => process.exit(0)
  process.once('disconnect', quit)
  if (!process.connected) quit()
  // Ctrl-C reaches the whole process group; the supervisor stops its workers when it is their turn.
  process.on('SIGINT', () => undefined)
}

function tell(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, () => sent?.())
}

/** Without it nothing keeps the process running. */
function closeChannel(): void {
  process.removeAllListeners('disconnect')
  if (process.connected) process.disconnect?.()
}
