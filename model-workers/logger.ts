import { destination, type Logger, pino, stdTimeFunctions } from 'pino'
import pretty from 'pino-pretty'

export interface WorkerLoggerDeps {
  readonly level: string
  /** Where tracing is on: what ties a line to the recorded span within which it is written. */
  readonly traceIds?: (() => object | undefined) | undefined
}

/** Lines like the gateway's, on standard error; a worker's standard output may be anybody's. */
export function createWorkerLogger({ level, traceIds }: WorkerLoggerDeps): Logger {
  return pino(
    {
      name: 'model-worker',
      level,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
      ...(traceIds !== undefined && { mixin: () => traceIds() ?? {} }),
    },
    process.stderr.isTTY ? pretty({ destination: 2, sync: true }) : destination({ fd: 2, sync: true }),
  )
}
