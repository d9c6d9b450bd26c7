import type { AppContext } from './request-info.ts'

/** Who is at the other end of the connection; a proxy, where there is one. */
export function remoteAddress(c: AppContext): string {
  return c.env?.incoming?.socket.remoteAddress ?? ''
}
