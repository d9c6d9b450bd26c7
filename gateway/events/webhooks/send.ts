import { request, type Dispatcher } from 'undici'
import { contentType } from './cloud-event.ts'
import { parseRetryAfter } from './retry.ts'
import { signedHeaders } from './signature.ts'

export interface Message {
  readonly id: string
  readonly body: string
}

/** `reason` is a status or a code, and never has the address in it. */
export type SendOutcome =
  | { readonly status: 'delivered' }
  /** It may work another time. */
  | { readonly status: 'failed'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** It will never work for this event. */
  | { readonly status: 'refused'; readonly reason: string }
  /** The receiver wants no event any more. */
  | { readonly status: 'gone'; readonly reason: string }

/** One try. Never rejects; an aborted `signal` makes it fail. */
export type Send = (message: Message, signal: AbortSignal) => Promise<SendOutcome>

export interface SenderDeps {
  readonly url: string
  readonly keys: readonly Buffer[]
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly version: string
  readonly dispatcher: Dispatcher
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Nothing in an answer is of use but its status. */
const readAtMost = 16 * 1024

export function createSender(deps: SenderDeps): Send {
  const { url, keys, headers, timeoutMs, version, dispatcher, clock } = deps
  return async (message, signal) => {
    const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const {
        statusCode,
        headers: answered,
        body,
      } = await request(url, {
        dispatcher,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': contentType,
          'user-agent': `bandit-gateway/${version}`,
          ...signedHeaders(message, keys, clock()),
        },
        body: message.body,
        signal: ended,
      })
      await body.dump({ limit: readAtMost, signal: ended }).catch(() => undefined)
      return judge(statusCode, parseRetryAfter(answered['retry-after']?.toString(), clock()))
    } catch (error) {
      return { status: 'failed', reason: reasonOf(error) }
    }
  }
}

/** A redirect is not followed: events go where the configuration says, and nowhere else. */
function judge(status: number, retryAfterMs: number | undefined): SendOutcome {
  const reason = `status ${status}`
  if (status >= 200 && status < 300) return { status: 'delivered' }
  if (status === 410) return { status: 'gone', reason }
  if (status >= 500 || status === 408 || status === 429) return { status: 'failed', reason, retryAfterMs }
  return { status: 'refused', reason }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
