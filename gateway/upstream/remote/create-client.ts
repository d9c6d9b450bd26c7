import { z } from 'zod'
import type { RemoteModelConfig, RemoteTensor } from '../../config/models/remote.ts'
import type { ReplicaClient } from '../replicas/client.ts'
import { createJsonClient, type Placed } from './json.ts'
import { createOpenInferenceClient } from './open-inference.ts'
import { parsePointer, type Steps } from './pointer.ts'
import type { RemoteServer } from './server.ts'

/** One address of a remote model, in the protocol that it speaks. */
export function createRemoteClient(config: RemoteModelConfig, server: RemoteServer): ReplicaClient {
  const { name: model, servedAs, version, inputs, outputs } = config
  switch (config.protocol) {
    case 'open-inference':
      return createOpenInferenceClient({ model, server, servedAs, version, inputs, outputs })
    case 'tensorflow':
      return createTensorFlowClient(config, server)
    case 'json':
      return createJsonClient({
        model,
        server,
        path: '',
        inputs: placed(inputs, ({ as }) => parsePointer(as)),
        outputs: placed(outputs, ({ as }) => parsePointer(as)),
        ready: (timeoutMs) => readyAt(server, config.ready, timeoutMs),
      })
  }
}

/** TensorFlow Serving's REST predict, in its columnar form: an only output is not named in the answer. */
function createTensorFlowClient(config: RemoteModelConfig, server: RemoteServer): ReplicaClient {
  const { name: model, servedAs, version, inputs, outputs = [] } = config
  const served = `/v1/models/${encodeURIComponent(servedAs)}`
  const path = version === undefined ? served : `${served}/versions/${encodeURIComponent(version)}`
  return createJsonClient({
    model,
    server,
    path: `${path}:predict`,
    inputs: placed(inputs, ({ as }) => ['inputs', as]),
    outputs: placed(outputs, ({ as }) => (outputs.length === 1 ? ['outputs'] : ['outputs', as])),
    async ready(timeoutMs) {
      const { body } = await server.get(path, timeoutMs)
      const status = modelStatus.parse(JSON.parse(body.toString()))
      return status.model_version_status.some(({ state }) => state === 'AVAILABLE')
    },
  })
}

const modelStatus = z.object({ model_version_status: z.array(z.object({ state: z.string() })) })

/** Without a path to ask at, its answers alone tell. */
async function readyAt(server: RemoteServer, path: string | undefined, timeoutMs: number): Promise<boolean> {
  if (path !== undefined) await server.getFromRoot(path, timeoutMs)
  return true
}

function placed(tensors: readonly RemoteTensor[] = [], at: (tensor: RemoteTensor) => Steps): Placed[] {
  return tensors.map((tensor) => {
    const { name, datatype, shape } = tensor
    return { spec: { name, datatype, shape }, at: at(tensor) }
  })
}
