import { once } from 'node:events'
import { Cluster } from 'ioredis'
import { checkSecret, checkSettings } from '../check.ts'
import { defaultPrefix, endpointKeys, signingSecretKey } from './keys.ts'
import { checkServers } from './redis-checks.ts'
import type { RedisClient } from './redis-client.ts'
import { createRedisEndpoint } from './redis-endpoint.ts'
import { createRedisFaults } from './redis-faults.ts'
import { loadScripts, type RunScript } from './redis-scripts.ts'
import { joinWrites } from './redis-writes.ts'
import { journalWaitMs as defaultWaitMs } from '../retention.ts'
import { type BreakerChange, createStoreBreaker, type StoreBreaker } from '../store-breaker.ts'
import { type Store, StoreUnavailable } from '../store.ts'

export interface RedisStoreDeps {
  /** Built with the settings of `connect-redis.ts`; belongs to the store from now on and is closed with it. */
  readonly redis: RedisClient
  /** What the name of every key begins with. */
  readonly prefix?: string | undefined
  /** How long marks are kept for a journal of which nothing is heard; an hour when absent. */
  readonly journalWaitMs?: number | undefined
  /** Told when calls are stopped because the server does not answer, and when they go on. */
  readonly breakerChanged?: ((change: BreakerChange) => void) | undefined
}

/** How long the calls made at the start wait for the connection that is being made; all others do not wait. */
const patienceMs = 1000

const monotonic = () => performance.now()

export function createRedisStore(deps: RedisStoreDeps): Store {
  const { redis, prefix = defaultPrefix, journalWaitMs = defaultWaitMs } = deps
  const { breakerChanged: changed = () => undefined } = deps
  const runScript = loadScripts(redis)
  const join = joinWrites(redis)
  const faults = createRedisFaults(redis)
  const breakers: StoreBreaker[] = []

  let closed = false

  function newBreaker(ping: () => Promise<unknown>): StoreBreaker {
    const breaker = createStoreBreaker({ ping, monotonic, changed })
    breakers.push(breaker)
    return breaker
  }

  const shared = newBreaker(() => redis.ping())

  /** In a Cluster every endpoint has a master of its own, and the loss of one concerns no other endpoint. */
  function breakerOf(key: string): StoreBreaker {
    return redis instanceof Cluster ? newBreaker(() => redis.exists(key)) : shared
  }

  async function guard<T>(breaker: StoreBreaker, command: () => Promise<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('the store is closed')
    breaker.check()
    join()
    try {
      const result = await command()
      breaker.heard()
      return result
    } catch (error) {
      const fault = faults.toError(error)
      if (faults.isAnswer(error)) breaker.heard()
      else breaker.missed(fault.message)
      throw fault
    }
  }

  const reconnected = () => {
    for (const breaker of breakers) breaker.ask()
  }
  redis.on('ready', reconnected)

  return {
    kind: 'redis',
    async ping() {
      await guard(shared, () => connected(redis))
      await guard(shared, () => checkServers(redis))
    },
    async signingSecret(proposed) {
      checkSecret(proposed)
      await guard(shared, () => connected(redis))
      const kept = guard(shared, () => runScript('keep-first', [signingSecretKey(prefix)], [proposed, '']))
      return firstOf((await kept) as string | null) ?? proposed
    },
    async shareSecrets(secrets) {
      for (const secret of secrets) checkSecret(secret)
      const all = guard(shared, () => runScript('share-secrets', [signingSecretKey(prefix)], secrets))
      return (await all) as string[]
    },
    endpoint(settings) {
      checkSettings(settings)
      const breaker = breakerOf(endpointKeys(prefix, settings.endpoint, settings.generation).version)
      const run: RunScript = (...call) => guard(breaker, () => runScript(...call))
      const read = (key: string) => guard(breaker, () => redis.get(key))
      return createRedisEndpoint(settings, { run, read, prefix, journalWaitMs })
    },
    async time() {
      const told = await guard(shared, () => runScript('tell-time', [signingSecretKey(prefix)], []))
      const [seconds, microseconds] = told as [string, string]
      return Number(seconds) * 1000 + Number(microseconds) / 1000
    },
    async close() {
      closed = true
      faults.stop()
      redis.off('ready', reconnected)
      for (const breaker of breakers) breaker.stop()
      if (redis.status === 'ready') await redis.quit().catch(() => undefined)
      if (redis.status !== 'end') redis.disconnect()
    },
  }
}

/** The one that signs. */
function firstOf(secrets: string | null): string | undefined {
  return secrets?.split(' ')[0]
}

async function connected(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready' || redis.status === 'end') return
  await once(redis, 'ready', { signal: AbortSignal.timeout(patienceMs) })
}
