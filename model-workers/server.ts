import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { HttpFault, jsonReply, sendReply } from './http.ts'
import type { Model } from './model.ts'
import { createRoutes, type Route } from './routes.ts'
import type { WorkerTracing } from './tracing.ts'

export interface ModelServerDeps {
  readonly model: Model
  readonly logger: Pick<Logger, 'error'>
  /** Default 64 MiB. */
  readonly maxBodyBytes?: number
  readonly tracing?: WorkerTracing | undefined
}

export interface ModelServer {
  readonly http: Server
  /** Takes no more connections, answers what has been sent already, and resolves when all is closed. */
  drain(): Promise<void>
}

/** Longer than any client or balancer in front keeps a connection, so that it is never closed under a request. */
const keepAliveTimeoutMs = 72_000
/** For requests that lie unread in the sockets, where a blocking inference left them. */
const lullMs = 50
const maxDrainMs = 10_000

/** The Open Inference Protocol for one model, on node:http alone as this is on the path of every prediction. */
export function createModelServer({
  model,
  logger,
  maxBodyBytes = 64 * 2 ** 20,
  tracing,
}: ModelServerDeps): ModelServer {
  let draining = false
  const routes = createRoutes({ model, logger, maxBodyBytes, ready: () => !draining, tracing })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const route = findRoute(routes, request.url ?? '')
      checkMethod(route, request.method)
      sendReply(response, await route.answer(request), draining)
    } catch (error) {
      if (response.destroyed || request.errored !== null) return
      sendReply(response, toErrorReply(error, logger), draining)
    }
  }

  const http = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
    void answer(request, response)
  })

  return {
    http,
    async drain() {
      draining = true
      const closed = new Promise<void>((resolve) => http.once('close', resolve))
      // The close of node:http would at once drop connections whose next request is on its way.
      NetServer.prototype.close.call(http)
      await sleep(lullMs)
      http.close()
      const force = setTimeout(() => http.closeAllConnections(), maxDrainMs)
      await closed
      clearTimeout(force)
    },
  }
}

function findRoute(routes: ReadonlyMap<string, Route>, url: string): Route {
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  const route = routes.get(path) ?? routes.get(decode(path))
  if (route !== undefined) return route
  const what = path.startsWith('/v2/models/') ? 'this worker serves no such model or path' : 'no such path'
  throw new HttpFault(404, `${what}; GET /v2/models/{name} describes a model`)
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new HttpFault(400, 'the path is not URL-encoded UTF-8')
  }
}

function checkMethod(route: Route, method: string | undefined): void {
  if (method === route.method || (method === 'HEAD' && route.method === 'GET')) return
  throw new HttpFault(405, `this path takes ${route.method} only`, { allow: route.method })
}

function toErrorReply(error: unknown, logger: Pick<Logger, 'error'>) {
  if (error instanceof HttpFault) return jsonReply({ error: error.message }, error.status, error.headers)
  logger.error({ err: error }, 'unexpected error')
  return jsonReply({ error: 'unexpected error, see the log of the worker' }, 500)
}
