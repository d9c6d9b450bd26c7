import { parseExact } from '../../../model-workers/protocol/exact-integers.ts'
import { timeoutName } from '../../../model-workers/protocol/head.ts'
import { TensorFault } from '../../../model-workers/protocol/faults.ts'
import { tensorFromJson, tensorToJson } from '../../../model-workers/protocol/json.ts'
import type { InferRequest, Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { ReplicaClient } from '../replicas/client.ts'
import { UpstreamError } from '../errors.ts'
import { find, place, type Steps } from './pointer.ts'
import type { RemoteServer } from './server.ts'

/** A tensor, and where it stands in the JSON that is posted or answered. */
export interface Placed {
  readonly spec: TensorSpec
  readonly at: Steps
}

export interface JsonOptions {
  readonly model: string
  readonly server: RemoteServer
  /** After the server's own. */
  readonly path: string
  readonly inputs: readonly Placed[]
  readonly outputs: readonly Placed[]
  /** Whether the server says that it is ready. */
  readonly ready: (timeoutMs: number) => Promise<boolean>
}

const headers = { 'content-type': 'application/json', accept: 'application/json' }

/** A server that takes and answers plain JSON, in a form that the configuration declares. */
export function createJsonClient(options: JsonOptions): ReplicaClient {
  const { model, server, path, inputs, outputs, ready } = options

  function encode({ inputs: tensors }: InferRequest): string {
    try {
      const body = inputs.reduce<unknown>((into, { spec, at }) => {
        const tensor = tensors.find(({ name }) => name === spec.name)
        return tensor === undefined ? into : place(into, at, tensorToJson(tensor))
      }, undefined)
      return JSON.stringify(body)
    } catch (cause) {
      if (!(cause instanceof TensorFault)) throw cause
      throw new UpstreamError('rejected', model, `${model} takes JSON alone: ${cause.message}`, { cause })
    }
  }

  function decode(body: Buffer): Tensor[] {
    const text = body.toString()
    try {
      const value: unknown = /\d{16}/.test(text) ? parseExact(text) : JSON.parse(text)
      return outputs.map(({ spec, at }) => tensorFromJson(spec, find(value, at)))
    } catch (cause) {
      if (!(cause instanceof TensorFault) && !(cause instanceof SyntaxError)) throw cause
      throw server.badOutput(`answered what its outputs cannot be read from: ${cause.message}`, cause)
    }
  }

  return {
    async infer(request, signal, timeoutMs, more) {
      const own = { ...headers, [timeoutName]: String(timeoutMs), ...more }
      const message = { headers: own, body: encode(request) }
      const reply = await server.post(path, message, signal)
      return { modelName: model, outputs: decode(reply.body) }
    },
    ready: (timeoutMs) => ready(timeoutMs).catch(() => false),
    metadata: async () => ({
      name: model,
      platform: '',
      inputs: inputs.map(({ spec }) => spec),
      outputs: outputs.map(({ spec }) => spec),
    }),
    close: async () => undefined,
  }
}
