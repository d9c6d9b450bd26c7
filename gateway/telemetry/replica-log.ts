import type { Logger } from 'pino'
import type { ReplicaState } from '../upstream/replicas/replica.ts'

/** Logs when a replica of a model falls out and when it is back; what happens at every start and stop is no news. */
export function createReplicaLog(
  model: string,
  logger: Pick<Logger, 'debug' | 'info' | 'warn'>,
): (replica: number, state: ReplicaState, reason: string) => void {
  const out = new Set<number>()

  return (replica, state, reason) => {
    const facts = { model, replica, reason }
    switch (state) {
      case 'suspect':
      case 'resting':
      case 'refused':
        out.add(replica)
        return logger.warn(facts, outcomes[state])
      case 'idle':
      case 'running':
        return out.delete(replica)
          ? logger.info(facts, 'replica is back')
          : logger.debug(facts, 'replica is there')
      case 'gone':
        out.delete(replica)
        return logger.debug(facts, 'replica is gone')
    }
  }
}

const outcomes = {
  suspect: 'replica is not asked until it answers a probe',
  resting: 'replica keeps failing and is left alone for a while',
  refused: 'replica serves what it should not and is not asked',
} as const
