import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { guardedConnector, type ConnectionGuard } from './guarded-connector.ts'
import { parseRedisAddress, type RedisAddress, redisSchemes } from './redis-address.ts'
import { type RedisClient, withoutPassword } from './redis-client.ts'
import type { StoreLogger } from '../store.ts'

export interface ConnectDeps {
  readonly logger?: StoreLogger | undefined
  /** Uniform in [0, 1), for the jitter of reconnecting. */
  readonly random?: () => number
  /** Sentinels may have a password of their own. */
  readonly sentinelPassword?: string | undefined
  /** Beside what the system trusts; for addresses with TLS. */
  readonly tls?: TlsSettings | undefined
  /** Whom connections may be made to; absent = anybody. */
  readonly guard?: ConnectionGuard | undefined
}

/** Certificates and keys as PEM text. */
export interface TlsSettings {
  /** Who else may vouch for the server. */
  readonly ca?: string
  /** What the gateway shows of itself. */
  readonly cert?: string
  readonly key?: string
  /** Name that the server's certificate is made out for, where it is not that of the address. */
  readonly servername?: string
}

const longestRetryMs = 2000

/** How often a Sentinel that was lost is looked for again; ioredis asks it of a failover at once. */
const sentinelRetryMs = 5000

/**
 * A client for a path on which nobody waits: a command that finds no connection fails at once, one without an
 * answer after 250 ms, and none is ever sent a second time by the client itself, since a command whose answer was
 * lost may have been carried out.
 */
const settings = {
  connectionName: 'bandit-gateway',
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: false,
  commandTimeout: 250,
  // A server that is frozen keeps its connection open; without this the client would stay with it.
  socketTimeout: 1000,
  connectTimeout: 1000,
  disconnectTimeout: 200,
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions

interface Login {
  readonly Connector?: ReturnType<typeof guardedConnector>
  readonly username?: string
  readonly password?: string
  readonly tls?: object
}

/** Half of the delay is jitter, so that many gateways do not come back in step. */
function backoff(random: () => number): (attempt: number) => number {
  return (attempt) => Math.min(longestRetryMs, 50 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2)
}

/**
 * Connects in the background and for ever. What it logs is for somebody who looks into a connection; whether the store
 * is away is said by whoever uses it.
 */
export function connectRedis(url: string, deps: ConnectDeps = {}): RedisClient {
  const address = parseRedisAddress(url)
  if (address === undefined) {
    const known = redisSchemes.map((scheme) => `${scheme}://`).join(', ')
    throw new Error(`a Redis address begins with one of ${known}`)
  }
  const redis = connect(address, deps)
  reportState(redis, deps.logger)
  return redis
}

function connect(
  address: RedisAddress,
  { random = Math.random, sentinelPassword, tls: settingsOfTls = {}, guard }: ConnectDeps,
): RedisClient {
  const { kind, nodes, tls, username, password, master, db } = address
  const retryStrategy = backoff(random)
  const login: Login = {
    ...(guard && kind !== 'sentinel' && { Connector: guardedConnector(guard) }),
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: settingsOfTls }),
  }
  if (kind === 'cluster') return new Cluster([...nodes], clusterSettings(login, retryStrategy))
  const options = { ...settings, ...login, db, retryStrategy, enableOfflineQueue: false }
  if (kind === 'server') return new Redis({ ...options, ...nodes[0]! })
  return new Redis({
    ...options,
    sentinels: [...nodes],
    name: master,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: settingsOfTls }),
    ...(sentinelPassword && { sentinelPassword }),
    ...(guard && { natMap: guardedNames(guard) }),
    sentinelCommandTimeout: settings.connectTimeout,
    sentinelRetryStrategy: retryStrategy,
    sentinelReconnectStrategy: () => sentinelRetryMs,
    // The Sentinels' own word of a failover: the old master may still answer.
    failoverDetector: true,
  })
}

/** Sentinels say where masters are, and other Sentinels: nothing is mapped, only refused. */
function guardedNames(guard: ConnectionGuard): (address: string) => null {
  return (address) => {
    const at = address.lastIndexOf(':')
    guard({ host: address.slice(0, at), port: Number(address.slice(at + 1)) })
    return null
  }
}

function clusterSettings(login: Login, clusterRetryStrategy: (attempt: number) => number) {
  return {
    enableOfflineQueue: false,
    clusterRetryStrategy,
    maxRedirections: 4,
    slotsRefreshInterval: 2000,
    slotsRefreshTimeout: settings.connectTimeout,
    redisOptions: { ...settings, ...login },
    ...((login.tls || login.Connector) && { dnsLookup }),
  }
}

/** The nodes' names, not their addresses, are what certificates are made out for, and what a guard knows. */
function dnsLookup(name: string, done: (error: null, address: string) => void): void {
  done(null, name)
}

function reportState(redis: RedisClient, logger: StoreLogger | undefined): void {
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
