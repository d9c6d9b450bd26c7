import type { Logger } from 'pino'
import type { BreakerChange, Store } from '../../bandit/index.ts'
import { openStore } from '../../bandit/store/open-store.ts'
import { withPassword } from '../config/reading/addresses.ts'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/reading/environment.ts'
import { readTls } from '../read-tls.ts'
import { createRedisGuard } from '../security/outbound/redis-guard.ts'
import { measured } from '../telemetry/measured-store.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'

export interface StoreDeps {
  readonly config: Pick<Config, 'store' | 'storeTls' | 'journalWaitMs'>
  readonly environment: Pick<Environment, 'redisPassword' | 'sentinelPassword'>
  readonly metrics: Pick<Metrics, 'store'>
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Tracing | undefined
  readonly clock: () => number
}

/** The store that is configured, with all that is asked of it measured and traced. */
export function wireStore({ config, environment, metrics, logger, tracing, clock }: StoreDeps): Store {
  const { sentinelPassword } = environment
  const url = withPassword(config.store, environment.redisPassword)
  const tls = readTls('store_tls', config.storeTls)
  const { journalWaitMs } = config
  // Where the operator says, but for addresses that are nobody's.
  const guard = createRedisGuard({ policy: {}, logger })
  const opened = openStore(url, {
    clock,
    logger,
    sentinelPassword,
    tls,
    guard,
    journalWaitMs,
    breakerChanged,
  })
  return measured(opened, metrics.store, tracing?.store(opened.kind))

  function breakerChanged(change: BreakerChange): void {
    metrics.store.breaker(change.state)
    if (change.state === 'open')
      logger.warn(
        { reason: change.reason },
        'the store does not answer: it is left alone for a second at a time',
      )
    else logger.info('the store answers again')
  }
}
