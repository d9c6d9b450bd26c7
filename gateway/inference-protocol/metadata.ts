import packageFile from '../../package.json' with { type: 'json' }
import type { ModelMetadata } from '../../model-workers/protocol/types.ts'
import { armState } from '../controls/arm-state.ts'
import type { EndpointRuntime, Endpoints } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppContext } from '../http/request-info.ts'
import { notReady } from '../predict/refusals.ts'
import { createModels } from './find-model.ts'
import { signatureOf } from './signature.ts'

export interface MetadataDeps {
  readonly endpoints: Endpoints
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** True from the moment the process is told to stop. */
  readonly isStopping: () => boolean
}

type Handler = (this: void, c: AppContext) => Response

/** Everything of the protocol that only looks. */
export function createMetadataRoutes({ endpoints, random, isStopping }: MetadataDeps): {
  readonly server: Handler
  readonly live: Handler
  readonly ready: Handler
  readonly list: Handler
  readonly model: Handler
  readonly modelReady: Handler
} {
  const models = createModels(endpoints)
  const { version } = packageFile
  const extensions = ['binary_tensor_data', 'model_repository', 'model_configuration', 'statistics']

  return {
    server: (c) => jsonResponse(c, { name: 'bandit-gateway', version, extensions }),
    live: (c) => jsonResponse(c, { live: true }),
    ready(c) {
      const isReady = !isStopping() && [...endpoints.values()].every((endpoint) => isServing(endpoint))
      if (!isReady) throw unready('some model has no version that can answer, or the gateway is stopping')
      return jsonResponse(c, { ready: true })
    },
    list: (c) => jsonResponse(c, { models: [...models.visible(c).keys()] }),
    model(c) {
      const { endpoint, arm } = models.find(c)
      const signature = signatureOf(endpoint, arm)
      if (signature === undefined) throw notReady(endpoint, random)
      const metadata: ModelMetadata = {
        name: endpoint.name,
        versions: arm === undefined ? [...endpoint.arms.keys()] : [arm],
        platform: 'bandit-gateway',
        ...signature,
      }
      return jsonResponse(c, metadata)
    },
    modelReady(c) {
      const { endpoint, arm } = models.find(c)
      const isReady = arm === undefined ? isServing(endpoint) : armState(endpoint, arm) === 'active'
      if (isStopping() || !isReady) throw unready(`${arm ?? endpoint.name} cannot answer now`)
      return jsonResponse(c, { name: endpoint.name, ready: true })
    },
  }
}

function isServing(endpoint: EndpointRuntime): boolean {
  if (endpoint.steps?.available() === false) return false
  return endpoint.settings.arms.some(({ name }) => armState(endpoint, name) === 'active')
}

function unready(detail: string): GatewayError {
  return new GatewayError('not_ready', detail, { headers: { 'retry-after': '1' } })
}
