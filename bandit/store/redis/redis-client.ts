import { Cluster, type Redis } from 'ioredis'

/** One server or a whole Cluster; scripts and single reads go either way alike. */
export type RedisClient = Redis | Cluster

/** Every server that takes writes. */
export function mastersOf(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client]
}

export function withoutPassword(text: string, client: RedisClient): string {
  const { password } = client instanceof Cluster ? (client.options.redisOptions ?? {}) : client.options
  return password ? text.replaceAll(password, '…') : text
}
