import { decodeResponse, encodeJsonRequest, encodeRequest } from '../../../model-workers/protocol/binary.ts'
import { ProtocolFault, TensorFault } from '../../../model-workers/protocol/faults.ts'
import { headerLengthName, readHeaderLength, timeoutName } from '../../../model-workers/protocol/head.ts'
import type { InferRequest, InferResponse } from '../../../model-workers/protocol/types.ts'
import type { RemoteTensor } from '../../config/models/remote.ts'
import type { ReplicaClient } from '../replicas/client.ts'
import { UpstreamError } from '../errors.ts'
import type { Reply } from '../replicas/exchange.ts'
import { parseExtensions, parseMetadata } from '../replicas/metadata.ts'
import type { RemoteServer } from './server.ts'
import { createTensorNames } from './tensor-names.ts'

export interface OpenInferenceOptions {
  readonly model: string
  readonly server: RemoteServer
  /** The model's name there. */
  readonly servedAs: string
  readonly version: string | undefined
  /** What the configuration says of its tensors, if anything. */
  readonly inputs: readonly RemoteTensor[] | undefined
  readonly outputs: readonly RemoteTensor[] | undefined
}

const binaryExtensions: ReadonlySet<string> = new Set(['binary_tensor_data', 'binary_data'])

/** A server that speaks the Open Inference Protocol; in binary where it says that it can, else in JSON. */
export function createOpenInferenceClient(options: OpenInferenceOptions): ReplicaClient {
  const { model, server, servedAs, version } = options
  const inputs = createTensorNames('inputs', options.inputs)
  const outputs = createTensorNames('outputs', options.outputs)
  const served = `/v2/models/${encodeURIComponent(servedAs)}`
  const path = version === undefined ? served : `${served}/versions/${encodeURIComponent(version)}`
  let isBinary = false
  /** Triton's; it drops what waits longer, where the model's queue is told to. */
  let takesTimeout = false

  function encode(request: InferRequest, timeoutMs: number) {
    const parameters = takesTimeout
      ? { parameters: { ...request.parameters, timeout: 1000 * timeoutMs } }
      : {}
    const renamed = { ...request, ...parameters, inputs: request.inputs.map(inputs.toServer) }
    try {
      return isBinary ? encodeRequest(renamed) : encodeJsonRequest(renamed)
    } catch (cause) {
      if (!(cause instanceof TensorFault)) throw cause
      throw new UpstreamError('rejected', model, `${model} takes JSON alone: ${cause.message}`, { cause })
    }
  }

  function decode({ headers, body }: Reply): InferResponse {
    try {
      const response = decodeResponse(readHeaderLength(headers[headerLengthName]), body)
      return { ...response, outputs: response.outputs.map(outputs.fromServer) }
    } catch (cause) {
      if (!(cause instanceof ProtocolFault)) throw cause
      throw server.badOutput(`answered what is not an inference response: ${cause.message}`, cause)
    }
  }

  async function readExtensions(timeoutMs: number): Promise<readonly string[]> {
    // Servers behind a gateway of their own may keep this to themselves; JSON is what all of them speak.
    return server.get('/v2', timeoutMs).then(
      ({ body }) => parseExtensions(body),
      () => [],
    )
  }

  return {
    async infer(request, signal, timeoutMs, more) {
      const { headers: own, body } = encode(request, timeoutMs)
      const headers = { ...own, [timeoutName]: String(timeoutMs), ...more }
      return decode(await server.post(`${path}/infer`, { headers, body }, signal))
    },
    ready: (timeoutMs) =>
      server.get(`${path}/ready`, timeoutMs).then(
        () => true,
        () => false,
      ),
    async metadata(timeoutMs) {
      const [extensions, { body }] = await Promise.all([
        readExtensions(timeoutMs),
        server.get(path, timeoutMs),
      ])
      takesTimeout = extensions.includes('schedule_policy')
      isBinary = extensions.some((extension) => binaryExtensions.has(extension))
      try {
        const found = parseMetadata(body, 0)
        return { ...found, inputs: inputs.settle(found.inputs), outputs: outputs.settle(found.outputs) }
      } catch (cause) {
        throw server.badOutput(`sent metadata that cannot be used: it ${(cause as Error).message}`, cause)
      }
    },
    // Connections are those of all addresses together.
    close: async () => undefined,
  }
}
