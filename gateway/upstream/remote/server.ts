import type { Dispatcher } from 'undici'
import { UpstreamError } from '../errors.ts'
import { exchange, type Reply } from '../replicas/exchange.ts'
import { refusalError, toUpstreamError } from '../faults.ts'

/** One address of a remote server. Everything rejects with an UpstreamError. */
export interface RemoteServer {
  get(path: string, timeoutMs: number): Promise<Reply>
  /** As get, from the root of the server. */
  getFromRoot(path: string, timeoutMs: number): Promise<Reply>
  post(path: string, message: RemoteMessage, signal: AbortSignal): Promise<Reply>
  badOutput(what: string, cause?: unknown): UpstreamError
}

export interface RemoteMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

export interface RemoteServerOptions {
  /** The model's name in our configuration; errors carry it. */
  readonly model: string
  /** What stands before the paths of the protocol. */
  readonly url: URL
  /** Checks whom it connects to, and follows no redirect. */
  readonly dispatcher: Dispatcher
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
}

export function createRemoteServer({ model, url, dispatcher, headers }: RemoteServerOptions): RemoteServer {
  const { origin } = url
  const base = url.pathname.replace(/(?<!\/)\/+$/, '')

  /** With no path of a protocol, the address is meant to the last stroke. */
  const under = (path: string): string => `${path === '' ? url.pathname : base + path}${url.search}`

  async function ask(
    options: Omit<Dispatcher.DispatchOptions, 'origin'>,
    signal: AbortSignal,
  ): Promise<Reply> {
    let reply: Reply
    try {
      reply = await exchange(dispatcher, { ...options, origin }, signal)
    } catch (error) {
      throw toUpstreamError(model, error)
    }
    if (reply.status !== 200) throw refusalError(model, reply)
    return reply
  }

  return {
    get: (path, timeoutMs) =>
      ask({ method: 'GET', path: under(path), headers }, AbortSignal.timeout(timeoutMs)),
    getFromRoot: (path, timeoutMs) => ask({ method: 'GET', path, headers }, AbortSignal.timeout(timeoutMs)),
    post: (path, { headers: own, body }, signal) =>
      ask({ method: 'POST', path: under(path), headers: { ...headers, ...own }, body }, signal),
    badOutput: (what, cause) => new UpstreamError('bad_output', model, `${model} ${what}`, { cause }),
  }
}
