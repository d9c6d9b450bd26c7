import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { checkSecret, checkSettings } from './check.ts'
import { defaultPrefix, signingSecretKey } from './keys.ts'
import { createRedisEndpoint } from './redis-endpoint.ts'
import { createRedisFaults } from './redis-faults.ts'
import { loadScripts, type RunScript } from './redis-scripts.ts'
import { type Store, StoreUnavailable } from './store.ts'

export interface RedisStoreDeps {
  /** Built with the settings of `connect-redis.ts`; belongs to the store from now on and is closed with it. */
  readonly redis: Redis
  /** What the name of every key begins with. */
  readonly prefix?: string | undefined
}

/** How long the calls made at the start wait for the connection that is being made; all others do not wait. */
const patienceMs = 1000

export function createRedisStore({ redis, prefix = defaultPrefix }: RedisStoreDeps): Store {
  const runScript = loadScripts(redis)
  const faults = createRedisFaults(redis)

  let closed = false

  async function guard<T>(command: () => Promise<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('the store is closed')
    try {
      return await command()
    } catch (error) {
      throw faults.toError(error)
    }
  }
  const run: RunScript = (...call) => guard(() => runScript(...call))
  const read = (key: string) => guard(() => redis.get(key))

  return {
    kind: 'redis',
    async ping() {
      await guard(() => connected(redis))
      checkEviction(await guard(() => redis.info('memory')))
    },
    async signingSecret(proposed) {
      checkSecret(proposed)
      await guard(() => connected(redis))
      return (
        ((await run('keep-first', [signingSecretKey(prefix)], [proposed, ''])) as string | null) ?? proposed
      )
    },
    endpoint(settings) {
      checkSettings(settings)
      return createRedisEndpoint(settings, { run, read, prefix })
    },
    async close() {
      closed = true
      faults.stop()
      if (redis.status === 'ready') await redis.quit().catch(() => undefined)
      if (redis.status !== 'end') redis.disconnect()
    },
  }
}

async function connected(redis: Redis): Promise<void> {
  if (redis.status === 'ready' || redis.status === 'end') return
  await once(redis, 'ready', { signal: AbortSignal.timeout(patienceMs) })
}

/** A server that drops keys when it is full would drop marks, and count rewards twice, without a word. */
function checkEviction(memory: string): void {
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1]
  const limited = /maxmemory:(?!0\s)/.test(memory)
  if (limited && policy !== 'noeviction')
    throw new StoreUnavailable(
      `this Redis drops keys when it is full (maxmemory-policy ${policy}): set maxmemory-policy to noeviction`,
    )
}
