import { destination, type Logger, pino, stdTimeFunctions } from 'pino'
import pretty from 'pino-pretty'

/** Lines like the gateway's, on standard error; a worker's standard output may be anybody's. */
export function createWorkerLogger(): Logger {
  return pino(
    {
      name: 'model-worker',
      formatters: { level: (level) => ({ level }) },
      timestamp: stdTimeFunctions.isoTime,
    },
    process.stderr.isTTY ? pretty({ destination: 2, sync: true }) : destination({ fd: 2, sync: true }),
  )
}
