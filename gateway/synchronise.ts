import type { Logger } from 'pino'
import { StoreUnavailable, type Agent } from '../bandit/index.ts'
import type { ArmControls } from './controls/arm-controls.ts'
import type { Guard } from './guardrails/guard.ts'
import type { Events } from './events/events.ts'

interface Synchronised {
  readonly agent: Agent
  readonly controls: Pick<ArmControls, 'synchronise'>
  readonly guard?: Guard | undefined
}

/** What was said of the arms first, then what is to be said of them now. */
async function follow({ controls, guard }: Synchronised): Promise<void> {
  await controls.synchronise()
  await guard?.look()
}

/**
 * One turn of the exchange with the store for every endpoint. A store that is away is no error here: decisions go on
 * from the last snapshot, and it is told once that it went and once that it is back.
 */
export function createSynchroniser(
  endpoints: readonly Synchronised[],
  logger: Pick<Logger, 'error'>,
  { emit }: Pick<Events, 'emit'>,
): () => Promise<void> {
  let away = false
  return async function synchronise() {
    const results = await Promise.allSettled(
      endpoints.flatMap((endpoint) => [follow(endpoint), endpoint.agent.synchronise()]),
    )
    const faults = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    for (const err of faults.filter((fault) => !(fault instanceof StoreUnavailable))) {
      logger.error({ err }, 'an endpoint could not be synchronised with the store')
    }
    const unavailable = faults.find((fault) => fault instanceof StoreUnavailable)
    if (unavailable !== undefined && !away) {
      const detail = 'the store is away: deciding from the last snapshot'
      emit({ kind: 'store_away', detail, facts: { reason: unavailable.message } })
    }
    if (unavailable === undefined && away) emit({ kind: 'store_back', detail: 'the store is back' })
    away = unavailable !== undefined
  }
}
