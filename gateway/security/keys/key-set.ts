import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'
import type { Outbound } from '../outbound/outbound.ts'

export interface KeySet {
  readonly keyFor: JWTVerifyGetKey
  /** False until it has been fetched for the first time. */
  isKnown(): boolean
}

export interface KeySetDeps {
  readonly url: string
  readonly outbound: Pick<Outbound, 'fetch'>
  readonly logger: Logger
  readonly monotonic: () => number
}

/** Keys are fetched again after so long; when that fails, those that are known go on. */
const refreshEveryMs = 600_000
/** After a fetch, for a signature by a key that is not known: tokens that callers make up cause no more. */
const cooldownMs = 30_000
/** After a fetch that failed. */
const retryAfterMs = 5000
const timeoutMs = 3000

/** The public keys of whoever issues tokens. */
export function createKeySet({ url, outbound, logger, monotonic }: KeySetDeps): KeySet {
  let fetchedAt = -Infinity
  let failedAt = -Infinity

  const fetchKeys: FetchImplementation = async (address, { headers, signal }) => {
    const now = monotonic()
    if (now - fetchedAt < cooldownMs || now - failedAt < retryAfterMs)
      throw new Error('the key set was asked for a moment ago')
    try {
      const response = await outbound.fetch(new URL(address), { headers: [...headers], signal })
      if (response.status !== 200) throw new Error(`the key set was answered with ${response.status}`)
      const text = await response.text()
      fetchedAt = monotonic()
      return new Response(text, { status: 200 })
    } catch (error) {
      failedAt = monotonic()
      logger.warn({ err: error }, 'the key set could not be fetched')
      throw error
    }
  }

  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    // Its own clock is the system's; ours is above.
    cooldownDuration: 0,
    cacheMaxAge: Infinity,
    [customFetch]: fetchKeys,
  })

  return {
    isKnown: () => remote.jwks() !== undefined,
    keyFor(header, token) {
      const isStale = remote.jwks() !== undefined && monotonic() - fetchedAt > refreshEveryMs
      // Nobody waits for it, and a failure has been logged.
      if (isStale && !remote.reloading) remote.reload().catch(() => undefined)
      return remote(header, token)
    },
  }
}
