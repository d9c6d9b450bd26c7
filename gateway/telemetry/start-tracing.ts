import type { Logger } from 'pino'
import type { Tracing } from './tracing.ts'
import { shareToRecord, toWorkerVariables } from './tracing/variables.ts'

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
