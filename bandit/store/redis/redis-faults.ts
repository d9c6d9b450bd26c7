import { type RedisClient, withoutPassword } from './redis-client.ts'
import { StoreUnavailable } from '../store.ts'

/** Answers of a server that is there but cannot serve just now, by the first word, and what mends each. */
const refusals: Readonly<Record<string, string>> = {
  ASK: 'this Redis Cluster is moving the data: try again',
  BUSY: 'a script blocks this Redis: see its slow log',
  CLUSTERDOWN: 'this Redis Cluster has lost a part of its slots: bring its masters back',
  LOADING: 'this Redis is still loading its data from disk: wait for it',
  MASTERDOWN: 'this Redis is a replica without its master: bring the master back',
  MISCONF: 'this Redis cannot write to its disk: see its log',
  MOVED: 'this is one node of a Redis Cluster: name the cluster in the store’s address',
  NOAUTH: 'this Redis wants a password: set BANDIT_REDIS_PASSWORD, and name its user in the store’s address',
  NOPERM: 'the Redis user may not do what the store needs: grant it',
  NOREPLICAS: 'this Redis has fewer replicas than min-replicas-to-write: bring them back',
  OOM: 'this Redis is full: raise its maxmemory',
  READONLY: 'this Redis is a replica and takes no writes: name the master in the store’s address',
  TRYAGAIN: 'this Redis Cluster is moving the data: try again',
  UNKILLABLE: 'a script blocks this Redis: see its slow log',
  WRONGPASS:
    'this Redis refuses user or password: mend the user in the store’s address, or BANDIT_REDIS_PASSWORD',
}

/** Those that have no word of their own. */
const refusalsByWords: readonly (readonly [RegExp, string])[] = [
  [/max number of clients/, 'raise maxclients of this Redis'],
  [/DB index is out of range/, 'this Redis has no database of that number: mend it in the store’s address'],
]

/** Turns what the client throws into the port's errors, without ever naming the password. */
export interface RedisFaults {
  /** StoreUnavailable for anything that passes; a plain Error for a fault of the caller or of the data. */
  toError(error: unknown): Error
  /** Whether the server has said it, and not the client for want of an answer. */
  isAnswer(error: unknown): boolean
  stop(): void
}

export function createRedisFaults(redis: RedisClient): RedisFaults {
  // A command that finds no connection does not say why there is none; the connection's own error does.
  let lastFault: Error | undefined
  const keepFault = (fault: Error) => (lastFault = innermost(fault))
  const forgetFault = () => (lastFault = undefined)
  redis.on('error', keepFault)
  redis.on('node error', keepFault)
  redis.on('ready', forgetFault)

  return {
    toError(error) {
      if (error instanceof StoreUnavailable) return error
      const fault = innermost(error instanceof Error ? error : new Error(String(error)))
      if (fault.name === 'ReplyError') return fromReply(fault, redis)
      const reason = lastFault ?? fault
      if (reason.name === 'ReplyError') return fromReply(reason, redis)
      const text = `Redis does not answer (${reasonOf(reason, redis)}): check that it runs and that the store’s address is right`
      return new StoreUnavailable(text, { cause: fault })
    },
    isAnswer: (error) =>
      error instanceof StoreUnavailable || (error instanceof Error && innermost(error).name === 'ReplyError'),
    stop() {
      redis.off('error', keepFault)
      redis.off('node error', keepFault)
      redis.off('ready', forgetFault)
    },
  }
}

/** A Cluster client wraps what its last node said. */
function innermost(error: Error): Error {
  return 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError : error
}

/** What the client says of a missing connection speaks of its own settings. */
function reasonOf({ message }: Error, redis: RedisClient): string {
  if (
    /enableOfflineQueue|max retries per request|Connection is closed|aborted|startup nodes|redirections/.test(
      message,
    )
  )
    return 'no connection'
  return withoutPassword(message, redis)
}

function fromReply(error: Error, redis: RedisClient): Error {
  const code = /^[A-Z]+/.exec(error.message)?.[0] ?? ''
  const message = withoutPassword(error.message, redis)
  const mend = refusals[code] ?? refusalsByWords.find(([words]) => words.test(message))?.[1]
  if (mend !== undefined) return new StoreUnavailable(`${mend} (${message})`, { cause: error })
  const rule = /bad_argument: (.*?)(?: script: [0-9a-f]{40}.*)?$/.exec(message)?.[1]
  return rule === undefined ? new Error(`Redis: ${message}`, { cause: error }) : new RangeError(rule)
}
