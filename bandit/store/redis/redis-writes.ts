import { Cluster } from 'ioredis'
import type { RedisClient } from './redis-client.ts'

/**
 * To be called before a command is sent: all that are sent in one turn then leave in one write, and the server reads them
 * at once. Each by itself would cost both more than all else that they do with it. In a Cluster the client alone knows
 * which connection a command takes, and each goes by itself.
 */
export function joinWrites(redis: RedisClient): () => void {
  if (redis instanceof Cluster) return () => {}
  let isJoining = false
  return () => {
    // There is none before the first connection.
    const stream = redis.stream as typeof redis.stream | undefined
    if (isJoining || stream === undefined) return
    isJoining = true
    stream.cork()
    process.nextTick(() => {
      isJoining = false
      stream.uncork()
    })
  }
}
