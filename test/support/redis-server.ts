import { startRedis } from './start-redis.ts'

/**
 * One Redis server for all tests of a run, in REDIS_URL. It is never flushed: every test writes under a random
 * prefix. A server that is already named there is used as it is, so that the second project shares the first's.
 */
export const setup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env.REDIS_URL) return undefined
  const server = await startRedis()
  process.env.REDIS_URL = server.url
  return () => server.stop()
}
