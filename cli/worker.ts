import { basename, extname } from 'node:path'
import { Command } from 'commander'
import { readWorkerEnvironment } from '../model-workers/environment.ts'
import type { Address } from '../model-workers/listen.ts'
import { integerBetween } from './arguments.ts'
import { createStopSignal } from './stop-signal.ts'

interface Options {
  readonly model: string
  readonly name?: string
  readonly modelVersion: string
  readonly socket?: string
  readonly host: string
  readonly port: number
}

export const workerCommand = (): Command =>
  new Command('worker')
    .description('serve one ONNX model by the Open Inference Protocol, without a gateway')
    .requiredOption('--model <file>', 'the ONNX file')
    .option('--name <name>', "what the model is called in the protocol (default: the file's name)")
    .option('--model-version <version>', 'its version in the protocol', '1')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on, 0 for any free one', integerBetween(0, 65_535), 8081)
    .option('--socket <path>', 'listen on this Unix socket instead')
    .action(async ({ model, name, modelVersion, socket, host, port }: Options) => {
      const [{ runWorker }, { createWorkerLogger }, { startWorkerTracing }] = await Promise.all([
        import('../model-workers/run-worker.ts'),
        import('../model-workers/logger.ts'),
        import('../model-workers/start-tracing.ts'),
      ])
      const { logLevel: level, openTelemetry: given } = readWorkerEnvironment()
      const tracing = await startWorkerTracing({ given, logger: createWorkerLogger({ level }) })
      const stop = createStopSignal(() => process.exit(130))
      const served = name ?? basename(model, extname(model))
      const worker = await runWorker({
        model,
        name: served,
        version: modelVersion,
        listen: socket === undefined ? { host, port } : { socket },
        logger: createWorkerLogger({ level, traceIds: tracing?.ids }),
        tracing,
      })
      console.error(`Serving ${served} at ${place(worker.address)}, path /v2/models/${served}`)
      await stop.requested()
      await worker.stop()
      stop.release()
    })

const place = (address: Address): string => {
  return 'socket' in address ? address.socket : `http://${address.host}:${address.port}`
}
