import type { IncomingMessage } from 'node:http'
import type { AppContext } from './request-info.ts'

/** Who is at the other end of the connection; a proxy, where there is one. */
export function remoteAddress(c: AppContext): string {
  // Requests that come by no connection have no environment.
  const { incoming } = (c.env ?? {}) as { readonly incoming?: IncomingMessage }
  return incoming?.socket.remoteAddress ?? ''
}
