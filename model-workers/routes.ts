import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { HttpFault, jsonReply, readBody, type Reply } from './http.ts'
import { createLateness } from './lateness.ts'
import { type Model, ModelFault } from './model.ts'
import { decodeRequest, encodeResponse } from './protocol/binary.ts'
import { ProtocolFault, TensorFault } from './protocol/faults.ts'
import { headerLengthName, readHeaderLength } from './protocol/head.ts'
import type { InferResponse } from './protocol/types.ts'
import type { WorkerTracing } from './tracing.ts'

export interface Route {
  readonly method: 'GET' | 'POST'
  answer(request: IncomingMessage): Reply | Promise<Reply>
}

export interface RouteDeps {
  readonly model: Model
  readonly logger: Pick<Logger, 'error'>
  readonly maxBodyBytes: number
  /** False once the server takes no more work. */
  readonly ready: () => boolean
  readonly tracing?: WorkerTracing | undefined
}

/** Every path of the protocol that this one model answers, decoded, each with what answers it. */
export function createRoutes(deps: RouteDeps): ReadonlyMap<string, Route> {
  const { model, logger, maxBodyBytes, ready, tracing } = deps
  const { name, versions = [] } = model.metadata
  const server = { name: 'bandit-model-worker', version: '2', extensions: ['binary_tensor_data'] }
  const get = (value: unknown): Route => ({ method: 'GET', answer: () => jsonReply(value) })
  const readiness = (value: object): Route => ({
    method: 'GET',
    answer: () =>
      ready()
        ? jsonReply({ ...value, ready: true })
        : jsonReply({ ...value, ready: false, error: 'the worker is stopping' }, 503),
  })
  const lateness = createLateness()
  const timed: Model = { ...model, infer: (request) => lateness.timed(() => model.infer(request)) }
  const answerInfer = async (request: IncomingMessage): Promise<Reply> => {
    const arrivedAt = lateness.arrived()
    const body = await readBody(request, maxBodyBytes)
    await lateness.check(request, arrivedAt)
    return answerInference(timed, logger, request, body)
  }
  const infer: Route = {
    method: 'POST',
    answer:
      tracing === undefined ? answerInfer : (request) => tracing.request(request, () => answerInfer(request)),
  }
  const routes = new Map<string, Route>([
    ['/v2', get(server)],
    ['/v2/', get(server)],
    ['/v2/health/live', get({ live: true })],
    ['/v2/health/ready', readiness({})],
  ])
  for (const path of [name, ...versions.map((version) => `${name}/versions/${version}`)]) {
    routes.set(`/v2/models/${path}`, get(model.metadata))
    routes.set(`/v2/models/${path}/ready`, readiness({ name }))
    routes.set(`/v2/models/${path}/infer`, infer)
  }
  return routes
}

async function answerInference(
  model: Model,
  logger: Pick<Logger, 'error'>,
  request: IncomingMessage,
  body: Uint8Array,
): Promise<Reply> {
  const { name, versions } = model.metadata
  try {
    const headerLength = readHeaderLength(request.headers[headerLengthName])
    const { request: inference, binaryOutput } = decodeRequest(headerLength, body)
    const outputs = await model.infer(inference)
    const response: InferResponse = {
      modelName: name,
      ...(versions?.[0] === undefined ? {} : { modelVersion: versions[0] }),
      ...(inference.id === undefined ? {} : { id: inference.id }),
      outputs,
    }
    return { status: 200, ...encodeOutputs(response, binaryOutput) }
  } catch (error) {
    if (error instanceof ProtocolFault || error instanceof TensorFault)
      throw new HttpFault(400, error.message)
    if (!(error instanceof ModelFault)) throw error
    // The cause is onnxruntime's own text, which may name files.
    logger.error({ err: error.cause, model: name }, error.message)
    throw new HttpFault(500, error.message)
  }
}

/** What the model put out is not the client's fault. */
function encodeOutputs(response: InferResponse, binaryOutput: (name: string) => boolean) {
  try {
    return encodeResponse(response, binaryOutput)
  } catch (error) {
    if (error instanceof TensorFault) throw new HttpFault(500, error.message)
    throw error
  }
}
