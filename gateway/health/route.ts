import type { EndpointRuntime, Endpoints } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { AppContext } from '../http/request-info.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'

export interface HealthRouteDeps {
  readonly endpoints: Endpoints
  readonly metrics: Metrics
  /** Where there are keys, those without one are not told what there is. */
  readonly access?: unknown
  /** True from the moment the process is told to stop. */
  readonly isStopping: () => boolean
}

/** GET /livez, GET /readyz and GET /metrics */
export function createHealthRoutes({ endpoints, metrics, access, isStopping }: HealthRouteDeps): {
  live(this: void, c: AppContext): Response
  ready(this: void, c: AppContext): Response
  scrape(this: void, c: AppContext): Promise<Response>
} {
  return {
    /** From memory alone: a store or a model that is away is no reason to restart the gateway. */
    live: (c) => jsonResponse(c, { status: 'alive' }),

    /** The store does not count either: predictions go on without it. */
    ready(c) {
      if (isStopping()) throw notReady('the gateway is stopping: ask another one')
      const down = [...endpoints.values()].filter((endpoint) => availableArms(endpoint).length === 0)
      if (down.length > 0) {
        const names = access === undefined ? down.map(({ name }) => name).join(', ') : 'some endpoint'
        throw notReady(`no arm is available of ${names}`)
      }
      if (access !== undefined) return jsonResponse(c, { status: 'ready' })
      const arms = [...endpoints.values()].map((endpoint) => [endpoint.name, availableArms(endpoint)])
      return jsonResponse(c, { status: 'ready', available: Object.fromEntries(arms) })
    },

    async scrape(c) {
      const { contentType, text } = await metrics.exposition(endpoints.values(), c.req.header('accept'))
      return new Response(text, { headers: { 'content-type': contentType } })
    },
  }
}

function availableArms({ arms, steps }: EndpointRuntime): string[] {
  if (steps?.available() === false) return []
  return [...arms.values()].filter((arm) => arm.available()).map(({ name }) => name)
}

function notReady(detail: string): GatewayError {
  return new GatewayError('not_ready', detail, { headers: { 'retry-after': '1' } })
}
