import { parseArgs } from 'node:util'
import { readWorkerEnvironment } from './environment.ts'
import type { Address } from './listen.ts'
import { createWorkerLogger } from './logger.ts'
import { serveWorker } from './serve-worker.ts'
import { startWorkerTracing } from './start-tracing.ts'

const usage =
  'expected --model FILE.onnx --name NAME [--version 1] and either --socket PATH or --port PORT [--host 127.0.0.1]'

interface Arguments {
  readonly model: string
  readonly source: string | undefined
  readonly name: string
  readonly version: string
  readonly listen: Address
}

/** Undefined when something is missing, unknown or too much. */
function readArguments(): Arguments | undefined {
  try {
    const { values } = parseArgs({
      options: {
        model: { type: 'string' },
        source: { type: 'string' },
        name: { type: 'string' },
        version: { type: 'string', default: '1' },
        socket: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string' },
      },
    })
    const { model, source, name, version, socket, host, port } = values
    const listen = socket === undefined ? toTcp(host, port) : port === undefined ? { socket } : undefined
    return model && name && listen ? { model, source, name, version, listen } : undefined
  } catch {
    return undefined
  }
}

function toTcp(host: string, port: string | undefined): Address | undefined {
  const number = Number(port || NaN)
  return Number.isInteger(number) && number >= 0 && number < 65_536 ? { host, port: number } : undefined
}

const { logLevel: level, openTelemetry: given } = readWorkerEnvironment()
const tracing = await startWorkerTracing({ given, logger: createWorkerLogger({ level }) })
const logger = createWorkerLogger({ level, traceIds: tracing?.ids })
const options = readArguments()
if (options === undefined) {
  logger.fatal(usage)
  process.exitCode = 2
} else {
  await serveWorker({ ...options, logger, tracing })
}
