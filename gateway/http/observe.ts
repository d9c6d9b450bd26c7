import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Logger } from 'pino'
import type { RequestMetrics } from '../telemetry/metrics/metrics.ts'
import { createRequestIds, type AppContext, type AppEnv } from './request-info.ts'

export interface ObserveDeps {
  readonly metrics: RequestMetrics
  readonly logger: Logger
  readonly randomBytes: (count: number) => Uint8Array
  readonly monotonic: () => number
  /** Share of requests that get a line in the log, from 0 to 1; at debug level all do. */
  readonly accessSample: number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** True from the moment the process is told to stop. */
  readonly isStopping: () => boolean
}

/** Names, times and counts every request. */
export function observe(deps: ObserveDeps): MiddlewareHandler<AppEnv> {
  const { metrics, logger, randomBytes, monotonic, accessSample, random, isStopping } = deps
  const requestId = createRequestIds(randomBytes)

  return async (c, next) => {
    const id = requestId(c.req.header('x-request-id'))
    const startedAt = monotonic()
    c.set('request', { id, startedAt })
    metrics.started()
    await next()
    // Told to go elsewhere, a client does not send its next request into a closing connection.
    if (isStopping()) c.res.headers.set('connection', 'close')
    const { method } = c.req
    const { status } = c.res
    const route = routeOf(c)
    const seconds = (monotonic() - startedAt) / 1000
    metrics.finished({ method: knownMethods.has(method) ? method : 'other', route, status, seconds })
    const isDrawn = accessSample > 0 && random() < accessSample
    if (isDrawn || logger.isLevelEnabled('debug')) {
      const caller = c.get('caller')?.name
      const line = { request_id: id, method, path: c.req.path, route, status, seconds, caller }
      logger[isDrawn ? 'info' : 'debug'](line, 'request')
    }
  }
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])

/** The pattern that took the request; paths without one share a name, as callers may make up any number. */
export function routeOf(c: AppContext): string {
  const path = matchedRoutes(c).at(-1)?.path
  return path === undefined || path === '/*' ? 'unmatched' : path
}
