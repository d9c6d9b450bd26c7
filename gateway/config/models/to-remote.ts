import { resolve } from 'node:path'
import type { RemoteModelConfig, RemoteTensor } from './remote.ts'
import { toFit } from './to-fit.ts'
import type { ModelInput } from './model-schema.ts'
import { toTls } from '../store/to-tls.ts'

/** A model with a url in the words of the program. Paths start from `folder`. */
export function toRemote(name: string, input: ModelInput, folder: string): RemoteModelConfig {
  const { url, protocol = 'open-inference', version, headers_env: headers = {}, tls, ready } = input
  return {
    name,
    urls: [url!].flat(),
    protocol,
    servedAs: input.name ?? name,
    version,
    headers,
    tls: tls && toTls(tls, (file) => resolve(folder, file)),
    ready,
    inputs: toTensors(input.inputs),
    outputs: toTensors(input.outputs),
    ...(input.fit && { fit: toFit(input.fit) }),
    // Servers batch by themselves, and many refuse more rows than they were told of.
    maxBatch: input.max_batch ?? 1,
    queue: input.queue,
    deadlineMs: input.deadline,
  }
}

function toTensors(tensors: ModelInput['inputs']): readonly RemoteTensor[] | undefined {
  if (tensors === undefined) return undefined
  return Object.entries(tensors).map(([name, { datatype, shape, as, at }]) => ({
    name,
    datatype,
    shape,
    as: at ?? as ?? name,
  }))
}
