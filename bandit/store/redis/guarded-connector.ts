import { connect as connectPlain, Socket, type LookupFunction } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { RedisNode } from './redis-address.ts'

/**
 * The look-up that a connection to a server is made with.
 *
 * @throws Error where there must be no connection; the look-up may fail for the same reason
 */
export type ConnectionGuard = (this: void, node: RedisNode) => LookupFunction

/** What ioredis makes connections with, to one server or each of a Cluster: as its own, and held to the guard. */
export function guardedConnector(guard: ConnectionGuard) {
  return class GuardedConnector extends AbstractConnector {
    readonly #options: RedisOptions

    /** @param options RedisOptions, by a type of ioredis that does not say so */
    constructor(options: unknown) {
      const own = options as RedisOptions
      super(own.disconnectTimeout ?? 0)
      this.#options = own
    }

    async connect(): Promise<Socket> {
      const { host = 'localhost', port = 6379, tls } = this.#options
      this.connecting = true
      this.stream = open({ host, port }, tls)
      this.stream.once('error', (error: Error) => (this.firstError = error))
      return this.stream
    }
  }

  function open(node: RedisNode, tls: ConnectionOptions | undefined): Socket {
    try {
      const options = { ...node, lookup: guard(node) }
      return tls ? connectTls({ ...options, ...tls }) : connectPlain(options)
    } catch (error) {
      // As what cannot be connected to: it is tried again, like any other.
      const refused = new Socket()
      setImmediate(() => refused.destroy(error as Error))
      return refused
    }
  }
}
