import { setTimeout as sleep } from 'node:timers/promises'
import { diag, DiagLogLevel, logs, trace, type Logger as EventLogger, type Tracer } from '@opentelemetry/api'
import { startNodeSdk } from '@opentelemetry/sdk-node'
import type { Sampler } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { complain } from './complain.ts'

/** What a process sends to its collector. Whoever imports this file loads the whole SDK: only do so to use it. */
export interface OpenTelemetry {
  readonly tracer: Tracer
  readonly events: EventLogger
  /** Sends what is left, for two seconds at the most. Never rejects. */
  stop(): Promise<void>
}

export interface OpenTelemetryDeps {
  /** Name of who makes the spans. */
  readonly scope: string
  readonly version: string
  /** The SDK's own settings, `OTEL_…`; it reads them from the environment, where they are put. */
  readonly variables: Readonly<Record<string, string>>
  /** In place of the one that the variables name. */
  readonly sampler?: Sampler | undefined
  readonly logger: Pick<Logger, 'warn'>
}

const stopWithinMs = 2000

/** Metrics are not among it: Prometheus asks for those. */
export function startOpenTelemetry(deps: OpenTelemetryDeps): OpenTelemetry {
  const { scope, version, variables, sampler, logger } = deps
  Object.assign(process.env, variables)
  const sdk = startNodeSdk({
    metricReaders: [],
    resourceAttributes: { 'service.version': version },
    logLevel: 'warn',
    ...(sampler && { sampler }),
  })
  diag.setLogger(complain(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return {
    tracer: trace.getTracer(scope, version),
    events: logs.getLogger(scope, version),
    async stop() {
      const timer = new AbortController()
      const { signal } = timer
      const late = sleep(stopWithinMs, 'the collector took too long', { signal }).catch(() => undefined)
      const outcome = await Promise.race([sdk.shutdown().catch(reasonOf), late])
      timer.abort()
      if (outcome !== undefined) logger.warn({ reason: outcome }, 'the last spans were not sent')
    },
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
