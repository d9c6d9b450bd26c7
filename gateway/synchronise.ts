import type { Logger } from 'pino'
import { StoreUnavailable, type Agent } from '../bandit/index.ts'
import { createWarningLog } from './warning-log.ts'

/**
 * One turn of the exchange with the store for every agent. A store that is away is no error here: decisions go on
 * from the last snapshot, and the log says once that it went and once that it is back.
 */
export function createSynchroniser(
  agents: readonly Agent[],
  logger: Logger,
  onStore: (state: 'away' | 'back') => void = () => {},
): () => Promise<void> {
  const tellWarnings = createWarningLog(agents, logger)
  let away = false
  return async function synchronise() {
    const results = await Promise.allSettled(agents.map((agent) => agent.synchronise()))
    const faults = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    for (const err of faults.filter((fault) => !(fault instanceof StoreUnavailable))) {
      logger.error({ err }, 'an endpoint could not be synchronised with the store')
    }
    const unavailable = faults.find((fault) => fault instanceof StoreUnavailable)
    if (unavailable !== undefined && !away) {
      logger.warn({ reason: unavailable.message }, 'the store is away: deciding from the last snapshot')
      onStore('away')
    }
    if (unavailable === undefined && away) {
      logger.info('the store is back')
      onStore('back')
    }
    away = unavailable !== undefined
    tellWarnings()
  }
}
