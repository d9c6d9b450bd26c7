import type { EndpointRuntime, Endpoints, WorkerView } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppContext } from '../http/request-info.ts'
import { toEndpointBody } from './view.ts'

export interface EndpointsRouteDeps {
  readonly endpoints: Endpoints
  readonly workers: () => readonly WorkerView[]
}

/** GET /endpoints, GET /endpoints/{endpoint} and GET /endpoints/{endpoint}/drift */
export function createEndpointsRoutes({ endpoints, workers }: EndpointsRouteDeps): {
  list(this: void, c: AppContext): Response
  show(this: void, c: AppContext): Response
  drift(this: void, c: AppContext): Response
} {
  return {
    list(c) {
      const views = workers()
      return jsonResponse(c, {
        endpoints: [...endpoints.values()].map((each) => toEndpointBody(each, views)),
      })
    },
    show: (c) => jsonResponse(c, toEndpointBody(find(c), workers())),
    drift(c) {
      const { monitor } = find(c)
      if (monitor?.drift !== undefined) return jsonResponse(c, monitor.drift.references())
      throw new GatewayError(
        'unknown_route',
        'nothing is watched: add drift to the endpoint in the configuration',
      )
    },
  }

  function find(c: AppContext): EndpointRuntime {
    const endpoint = endpoints.get(c.req.param('endpoint') ?? '')
    if (endpoint !== undefined) return endpoint
    throw new GatewayError('unknown_endpoint', 'GET /endpoints lists those there are')
  }
}
