import { connectRedis } from '../../bandit/store/redis/connect-redis.ts'
import { createRedisStore } from '../../bandit/store/redis/redis.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import type { Store } from '../../bandit/store/store.ts'

/** Where the state is kept: every process of a proof opens it for itself. Plain data. */
export type Address =
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string }
  | { readonly kind: 'sqlite'; readonly path: string }

export async function openAddress(address: Address): Promise<Store> {
  const store =
    address.kind === 'redis'
      ? createRedisStore({ redis: connectRedis(address.url), prefix: address.prefix })
      : createSqliteStore({ path: address.path, clock: Date.now })
  await store.ping()
  return store
}
