import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { connectRedis } from '../../bandit/store/redis/connect-redis.ts'
import { withPassword } from '../config/reading/addresses.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import { readVariable } from '../config/reading/environment.ts'
import type { FeatureSourceConfig } from '../config/features/features.ts'
import { createEnrich, type Enrich } from '../features/enrich.ts'
import { createFeast } from '../features/feast.ts'
import { createPatientSource, type PatientSource } from '../features/patient-source.ts'
import { compileKey, createRedisHashes } from '../features/redis-hashes.ts'
import type { FeatureSource } from '../features/source.ts'
import { createRedisGuard } from '../security/outbound/redis-guard.ts'
import { createOutbound } from '../security/outbound/outbound.ts'
import type { OutboundPolicy } from '../security/outbound/outbound-policy.ts'
import { StartFault } from '../start-fault.ts'
import type { FeatureMetrics } from '../telemetry/metrics/feature-metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'

export interface FeaturesDeps {
  readonly outbound: OutboundPolicy
  readonly metrics: FeatureMetrics
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Pick<Tracing, 'enrich' | 'source'> | undefined
  readonly monotonic: () => number
}

export interface WiredFeatures {
  readonly enrich: Enrich
  close(): Promise<void>
}

/**
 * The sources of an endpoint's features; undefined where it has none.
 *
 * @throws StartFault when a secret is missing
 */
export function wireFeatures(
  { name: endpoint, features }: Pick<EndpointConfig, 'name' | 'features'>,
  { outbound, metrics, logger, tracing, monotonic }: FeaturesDeps,
): WiredFeatures | undefined {
  if (features === undefined) return undefined
  const watched = (source: PatientSource, name: string): PatientSource =>
    tracing === undefined ? source : tracing.source({ endpoint, source: name }, source)
  const sources = features.map((config) => ({
    config,
    source: watched(
      createPatientSource({
        source: openSource(config, { outbound, logger }),
        timeoutMs: config.timeoutMs,
        monotonic,
        changed(state, reason) {
          const facts = { endpoint, source: config.name, ...(reason !== '' && { reason }) }
          if (state === 'away') logger.warn(facts, 'a source of features does not answer: defaults stand in')
          else logger.info(facts, 'the source of features answers again')
        },
      }),
      config.name,
    ),
    cache:
      config.cache && new LRUCache<string, FeatureRow>({ max: config.cache.size, ttl: config.cache.forMs }),
  }))
  const enrich = createEnrich({ sources, metrics: metrics.of(endpoint), monotonic })
  return {
    enrich: tracing === undefined ? enrich : tracing.enrich(endpoint, enrich),
    async close() {
      await Promise.all(sources.map(({ source }) => source.close()))
    },
  }
}

type FeatureRow = Awaited<ReturnType<FeatureSource['read']>>[number]

function openSource(
  { name, at, keys, features }: FeatureSourceConfig,
  { outbound: policy, logger }: Pick<FeaturesDeps, 'outbound' | 'logger'>,
): FeatureSource {
  if (at.kind === 'redis') {
    const password = at.passwordVariable && secretOf(at.passwordVariable, name)
    const guard = createRedisGuard({ policy, logger })
    const redis = connectRedis(withPassword(at.url, password), { guard })
    return createRedisHashes({ redis, toKey: compileKey(at.key, keys), features })
  }
  const outbound = createOutbound({ policy })
  const headers = Object.entries(at.headers).map(([header, variable]) => [header, secretOf(variable, name)])
  return createFeast({ config: at, keys, features, headers: Object.fromEntries(headers), outbound })
}

function secretOf(variable: string, source: string): string {
  const secret = readVariable(variable)
  if (secret !== undefined) return secret
  throw new StartFault(`${variable}, a secret of the features called ${source}, is not set: set it`)
}
