import { Redis } from 'ioredis'

/** Every key that begins with the prefix, and what it holds, as text; equal when nothing was written. */
export const dumpRedis = async (url: string, prefix: string): Promise<string> => {
  const redis = new Redis(url)
  try {
    const keys: string[] = []
    for await (const batch of redis.scanStream({ match: `${prefix}*`, count: 1000 }))
      keys.push(...(batch as string[]))
    const held = await Promise.all(keys.sort().map(async (key) => [key, await read(redis, key)]))
    return JSON.stringify(held, undefined, 1)
  } finally {
    redis.disconnect()
  }
}

const read = async (redis: Redis, key: string): Promise<unknown> => {
  const type = await redis.type(key)
  if (type === 'string') return redis.get(key)
  if (type === 'zset') return redis.zrange(key, '0', '-1', 'WITHSCORES')
  return Object.entries(await redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1))
}
