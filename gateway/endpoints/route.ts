import type { Endpoints, WorkerView } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppContext } from '../http/request-info.ts'
import { toEndpointBody } from './view.ts'

export interface EndpointsRouteDeps {
  readonly endpoints: Endpoints
  readonly workers: () => readonly WorkerView[]
}

/** GET /endpoints and GET /endpoints/{endpoint} */
export function createEndpointsRoutes({ endpoints, workers }: EndpointsRouteDeps): {
  list(this: void, c: AppContext): Response
  show(this: void, c: AppContext): Response
} {
  return {
    list(c) {
      const views = workers()
      return jsonResponse(c, {
        endpoints: [...endpoints.values()].map((each) => toEndpointBody(each, views)),
      })
    },
    show(c) {
      const endpoint = endpoints.get(c.req.param('endpoint') ?? '')
      if (endpoint !== undefined) return jsonResponse(c, toEndpointBody(endpoint, workers()))
      throw new GatewayError('unknown_endpoint', 'GET /endpoints lists those there are')
    },
  }
}
