import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from 'hono'
import type { Caller } from '../security/keys/caller.ts'

/** What is known of every request before it is routed. */
export interface RequestInfo {
  /** The caller's own X-Request-Id, or one of ours. */
  readonly id: string
  /** performance.now() when its head was there. */
  readonly startedAt: number
}

export interface AppEnv {
  /** Absent where there is no connection, as in tests. */
  Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse }
  /** There is a caller where there are keys. */
  Variables: {
    request: RequestInfo
    caller?: Caller
    /** Whether the key that an answer without end was asked for with is still good; absent where none was. */
    isStillAllowed?: () => Promise<boolean>
  }
}

export type AppContext = Context<AppEnv>

/** Ids of ours: a prefix for this start of the process, and a count. */
export function createRequestIds(randomBytes: (count: number) => Uint8Array): (own?: string) => string {
  const prefix = Buffer.from(randomBytes(6)).toString('base64url')
  let count = 0
  return (own) =>
    own !== undefined && /^[\w.=-]{1,128}$/.test(own) ? own : `${prefix}-${(++count).toString(36)}`
}
