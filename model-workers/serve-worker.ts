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
 * that one is gone. What keeps it from serving is logged as one line, and the exit code is 1.
 */
export async function serveWorker(options: ServeOptions): Promise<void> {
  const supervised = process.send !== undefined
  if (supervised) obeySupervisor()
  try {
    const worker = await runWorker(options)
    const stop = (): void => {
      void worker.stop().then(leave)
    }
    process.once('SIGTERM', stop)
    if (!supervised) process.once('SIGINT', stop)
    tell({ type: 'ready', address: worker.address, metadata: worker.metadata })
  } catch (error) {
    if (!(error instanceof ModelFault || error instanceof ListenFault)) throw error
    options.logger.fatal({ model: options.name, code: error.code }, error.message)
    process.exitCode = 1
    tell({ type: 'failed', reason: error.message }, leave)
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

function tell(message: WorkerMessage, done: () => void = () => undefined): void {
  if (process.send === undefined) done()
  else process.send(message, done)
}

/** With the channel closed nothing keeps the process running. */
function leave(): void {
  process.removeAllListeners('disconnect')
  if (process.connected) process.disconnect?.()
}
