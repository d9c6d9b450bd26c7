import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { Agent, Learner } from '../../bandit/index.ts'
import type { AppEnv } from '../http/request-info.ts'
import type { UpstreamTracer } from '../upstream/tracer.ts'
import type { AroundStore } from './measured-store.ts'
import type { Evaluations } from './tracing/evaluations.ts'
import { shareToRecord, toWorkerVariables } from './tracing/variables.ts'

/**
 * What watches the gateway where tracing is on. Where it is off there is none of this, and nothing of OpenTelemetry
 * is loaded or called: everything here is put around the gateway's parts when they are wired.
 */
export interface Tracing {
  /** Around every request; what runs within it finds its span by asynchronous context. */
  readonly requests: MiddlewareHandler<AppEnv>
  readonly upstream: UpstreamTracer
  readonly store: (kind: string) => AroundStore
  agent(agent: Agent): Agent
  learner(learner: Learner): Learner
  /** Undefined unless decisions are sent as log events. */
  readonly evaluations: Evaluations | undefined
  /** For a log line: of the recorded span within which it is written. */
  readonly ids: () => TraceIds | undefined
  /** What workers are started with so that their spans join those of the gateway. */
  readonly workerVariables: Readonly<Record<string, string>>
  /** Sends what is left, for a bounded time. Never rejects. */
  stop(): Promise<void>
}

export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
}

export interface TracingDeps {
  /** `OTEL_…`, as `toTelemetryVariables` makes them. */
  readonly variables: Readonly<Record<string, string>>
  readonly version: string
  readonly logger: Pick<Logger, 'warn'>
}

/** Loads and starts OpenTelemetry. */
export async function startTracing({ variables, version, logger }: TracingDeps): Promise<Tracing> {
  const [{ startOpenTelemetry }, { createTracing }, { createSampler }] = await Promise.all([
    import('../../model-workers/open-telemetry.ts'),
    import('./tracing/create-tracing.ts'),
    import('./tracing/sampler.ts'),
  ])
  const ratio = shareToRecord(variables)
  const sampler = ratio === undefined ? undefined : createSampler(ratio)
  const telemetry = startOpenTelemetry({ scope: 'bandit-gateway', version, variables, sampler, logger })
  const sendsEvents = variables['OTEL_LOGS_EXPORTER'] !== 'none'
  return createTracing({ telemetry, sendsEvents, workerVariables: toWorkerVariables(variables) })
}
