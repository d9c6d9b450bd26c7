import { unlink } from 'node:fs/promises'
import type { Logger } from 'pino'
import { type Address, listen } from './listen.ts'
import { openOnnxModel } from './onnx.ts'
import type { ModelMetadata } from './protocol/types.ts'
import { createModelServer } from './server.ts'
import type { WorkerTracing } from './tracing.ts'
import { warmUp } from './warm-up.ts'

export interface WorkerOptions {
  /** Path of an ONNX file. */
  readonly model: string
  /** What the file is called in faults; its path when absent. */
  readonly source?: string | undefined
  /** What the model is called in the protocol's paths. */
  readonly name: string
  /** Default '1'. */
  readonly version?: string
  readonly listen: Address
  readonly logger: Pick<Logger, 'warn' | 'error'>
  readonly tracing?: WorkerTracing | undefined
}

export interface Worker {
  readonly address: Address
  readonly metadata: ModelMetadata
  /** Answers what was sent, then frees the model and removes the socket; a second call waits for the first. */
  readonly stop: () => Promise<void>
}

/**
 * Serves one model from this process; resolves once it is warm and listens.
 *
 * @throws ModelFault when the file cannot be served, ListenFault when the address cannot be used
 */
export async function runWorker(options: WorkerOptions): Promise<Worker> {
  const { name, version = '1', logger, tracing } = options
  const { model: path, source } = options
  const opened = await openOnnxModel({ path, source, name, version, logger })
  const model = tracing === undefined ? opened : tracing.model(opened)
  try {
    await warmUp(model)
  } catch (err) {
    // Zeros may be nothing that this model can work with; its clients will send better.
    logger.warn({ err, model: name }, 'the warm-up inference failed')
  }
  const server = createModelServer({ model, logger, tracing })
  const address = await listen(server.http, options.listen).catch(async (error: unknown) => {
    await model.close()
    throw error
  })
  const stop = async (): Promise<void> => {
    await server.drain()
    await Promise.all([model.close(), tracing?.stop()])
    if ('socket' in address) await unlink(address.socket).catch(() => undefined)
  }
  let stopped: Promise<void> | undefined
  return { address, metadata: model.metadata, stop: () => (stopped ??= stop()) }
}
