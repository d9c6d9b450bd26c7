import { mastersOf, type RedisClient } from './redis-client.ts'
import { StoreUnfit } from '../store.ts'

/** Scripts that write after TIME, as ours do, need effects to be replicated, which older servers do not by themselves. */
const oldestMajor = 5

/** Resolves when every server that takes writes is one that the store can rely on. */
export async function checkServers(redis: RedisClient): Promise<void> {
  const [memory, server] = ['memory', 'server'] as const
  await Promise.all(
    mastersOf(redis).map(async (master) => {
      checkEviction(await master.info(memory))
      checkVersion(await master.info(server))
    }),
  )
}

/** A server that drops keys when it is full would drop marks, and count rewards twice, without a word. */
function checkEviction(memory: string): void {
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1]
  const limited = /maxmemory:(?!0\s)/.test(memory)
  if (limited && policy !== 'noeviction')
    throw new StoreUnfit(
      `this Redis drops keys when it is full (maxmemory-policy ${policy}): set maxmemory-policy to noeviction`,
    )
}

function checkVersion(server: string): void {
  const version = /redis_version:((\d+)\S*)/.exec(server)
  if (version !== null && Number(version[2]) < oldestMajor)
    throw new StoreUnfit(`this Redis is version ${version[1]}: bring it to ${oldestMajor} or newer`)
}
