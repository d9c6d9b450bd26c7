import { Redis, type RedisOptions } from 'ioredis'
import { withoutPassword } from './redis-faults.ts'
import type { StoreLogger } from './store.ts'

export interface ConnectDeps {
  readonly logger?: StoreLogger | undefined
  /** Uniform in [0, 1), for the jitter of reconnecting. */
  readonly random?: () => number
}

/** Schemes of an address that connectRedis understands. */
export const redisSchemes = ['redis:', 'rediss:'] as const

const longestRetryMs = 2000

/**
 * A client for a path on which nobody waits: a command that finds no connection fails at once, one without an
 * answer after 250 ms, and none is ever sent a second time by the client itself, since a command whose answer was
 * lost may have been carried out.
 */
function settings(random: () => number) {
  return {
    connectionName: 'bandit-gateway',
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    commandTimeout: 250,
    // A server that is frozen keeps its connection open; without this the client would stay with it.
    socketTimeout: 1000,
    connectTimeout: 1000,
    disconnectTimeout: 200,
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    // Half of the delay is jitter, so that many gateways do not come back in step.
    retryStrategy: (attempt: number) =>
      Math.min(longestRetryMs, 50 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2),
  } satisfies RedisOptions
}

/**
 * Connects in the background and for ever. What it logs is for somebody who looks into a connection; whether the store
 * is away is said by whoever uses it.
 */
export function connectRedis(url: string, { logger, random = Math.random }: ConnectDeps = {}): Redis {
  const { protocol } = new URL(url)
  switch (protocol) {
    case 'redis:':
    case 'rediss:': {
      const redis = new Redis(url, settings(random))
      reportState(redis, logger)
      return redis
    }
    default:
      throw new Error(
        `a Redis address begins with ${redisSchemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      )
  }
}

function reportState(redis: Redis, logger: StoreLogger | undefined): void {
  let state: 'new' | 'ready' | 'away' = 'new'
  const away = (reason: string) => {
    if (state === 'away') return
    state = 'away'
    logger?.debug({ reason }, 'the connection to Redis is away')
  }
  redis.on('ready', () => {
    state = 'ready'
    logger?.debug('the connection to Redis is there')
  })
  redis.on('error', (error: Error) => away(withoutPassword(error.message, redis)))
  redis.on('reconnecting', () => away('the connection was lost'))
}
