import { once } from 'node:events'
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { GatewayError } from '../errors.ts'
import { StartFault } from '../start-fault.ts'
import { headFault, maxHeaders, sendProblem } from './refuse-head.ts'

export interface HttpServer {
  /** Where it can be reached, `http://host:port`. */
  readonly origin: string
  /** Takes no new connection, lets running requests end, for 10 s at most, and resolves when all are closed. */
  close(): Promise<void>
}

export interface HttpServerDeps {
  readonly fetch: (request: Request, env: object) => Response | Promise<Response>
  /** Why a request must not be answered, by its head alone. */
  readonly refuse?: ((request: IncomingMessage) => GatewayError | undefined) | undefined
  /** Calls `enter` when a request may go on to `fetch`, and answers it otherwise. Absent = all may. */
  readonly gate?: (request: IncomingMessage, response: ServerResponse, enter: () => void) => void
  readonly host: string
  readonly port: number
  /** More are closed as they come. */
  readonly maxConnections: number
}

/** A client that dribbles its request holds a socket for so long and no longer. */
const limits = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 8192,
  /** Longer than the idle time of common load balancers, so that they, not we, close what a request may be on. */
  keepAliveTimeout: 72_000,
}
/** Now and then a client should be dealt to another gateway anew. */
const maxRequestsPerSocket = 10_000

/** Running requests get so long when the server closes. */
const closeWithinMs = 10_000
const sweepEveryMs = 50
/** Connections in use are told with an answer in that time that they will be closed; until then they are no idle ones. */
const idleForMs = 250
/** Connections whose request has not come by then are closed: as long as one that was sent already may be on its way. */
const silentForMs = 500

/** @throws StartFault when the address cannot be listened on */
export async function listenHttp(deps: HttpServerDeps): Promise<HttpServer> {
  const { fetch, refuse, gate, host, port, maxConnections } = deps
  const answer = getRequestListener(fetch)
  const connections = new Set<Socket>()
  const newest = new WeakMap<Socket, ServerResponse>()
  const server = createServer(limits, (request, response) => {
    newest.set(request.socket, response)
    const fault = headFault(request) ?? refuse?.(request)
    if (fault !== undefined) sendProblem(response, fault)
    else if (gate === undefined) void answer(request, response)
    else gate(request, response, () => void answer(request, response))
  })
  // One more than is taken, so that too many can be told from many: those beyond it are dropped without a word.
  server.maxHeadersCount = maxHeaders + 1
  Object.assign(server, { maxConnections, maxRequestsPerSocket })
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw toStartFault(error, host, port)
  }
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${host}]` : host
  return {
    origin: `http://${name}:${address.port}`,
    async close() {
      const closed = once(server, 'close')
      // Those who were connected by the kernel alone, while the loop was busy, are taken before nobody listens any more.
      for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => afterReading(resolve))
      // The close of an HTTP server ends idle connections at once, and with them what has been sent on them just now.
      NetServer.prototype.close.call(server)
      // A connection whose last answer is on its way is not idle yet; it will be at one of the next looks.
      const idleFrom = performance.now() + idleForMs
      const sweep = setInterval(() => {
        if (performance.now() >= idleFrom) afterReading(() => server.closeIdleConnections())
      }, sweepEveryMs)
      const silent = setTimeout(
        () =>
          afterReading(() => {
            for (const socket of connections) if (newest.get(socket)?.closed !== false) socket.destroy()
          }),
        silentForMs,
      )
      const late = setTimeout(() => server.closeAllConnections(), closeWithinMs)
      await closed
      clearInterval(sweep)
      clearTimeout(silent)
      clearTimeout(late)
      // Nothing is left to close but what watches over it.
      server.close()
    },
  }
}

/** What has come while the loop was busy is a request, and not silence. */
function afterReading(task: () => void): void {
  setImmediate(task)
}

function toStartFault(error: unknown, host: string, port: number): StartFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something else listens there: stop it, or choose another port with listen or --listen',
    EACCES: 'this user may not use that port: choose one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address: correct listen',
    ENOTFOUND: 'the host name is not known here: correct listen',
  }
  return new StartFault(`cannot listen on ${host}:${port}: ${reasons[code] ?? String(error)}`, {
    cause: error,
  })
}
