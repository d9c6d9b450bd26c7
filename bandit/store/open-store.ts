import type { ConnectionGuard } from './redis/guarded-connector.ts'
import { connectRedis, type TlsSettings } from './redis/connect-redis.ts'
import { parseRedisAddress, redisSchemes } from './redis/redis-address.ts'
import { createRedisStore } from './redis/redis.ts'
import { createSqliteStore } from './sqlite/sqlite.ts'
import type { BreakerChange } from './store-breaker.ts'
import type { Store, StoreLogger } from './store.ts'

export interface OpenStoreDeps {
  /** Milliseconds since 1970; Redis has its own clock. */
  readonly clock: () => number
  readonly logger?: StoreLogger | undefined
  readonly sentinelPassword?: string | undefined
  readonly tls?: TlsSettings | undefined
  /** Whom connections may be made to; absent = anybody. */
  readonly guard?: ConnectionGuard | undefined
  /** How long marks are kept in Redis for a journal of which nothing is heard; an hour when absent. */
  readonly journalWaitMs?: number | undefined
  readonly breakerChanged?: ((change: BreakerChange) => void) | undefined
}

const sqliteScheme = 'sqlite:'

/**
 * The store that an address names: `sqlite:./var/bandit.db`, `sqlite::memory:` or one of `redis-address.ts`.
 * Throws an Error for an address of another kind, and a StoreUnavailable when the file cannot be used; a Redis
 * that is away is waited for.
 */
export function openStore(url: string, deps: OpenStoreDeps): Store {
  const { clock, logger, sentinelPassword, tls, guard, journalWaitMs, breakerChanged } = deps
  if (url.startsWith(sqliteScheme)) {
    // sqlite:/a and sqlite:///a are the same file.
    const path = url.slice(sqliteScheme.length).replace(/^\/\/(?=\/)/, '')
    return createSqliteStore({ path, clock })
  }
  if (parseRedisAddress(url) !== undefined)
    return createRedisStore({
      redis: connectRedis(url, { logger, sentinelPassword, tls, guard }),
      journalWaitMs,
      breakerChanged,
    })
  // Only what comes before the colon is repeated: the rest may hold a password.
  const scheme = /^[\w+.-]*(?=:)/.exec(url)?.[0] ?? ''
  const known = [sqliteScheme, ...redisSchemes.map((redisScheme) => `${redisScheme}://`)]
  throw new Error(`unknown store "${scheme}": its address must begin with one of ${known.join(', ')}`)
}
