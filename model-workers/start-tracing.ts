import type { Logger } from 'pino'
import packageFile from '../package.json' with { type: 'json' }
import type { WorkerTracing } from './tracing.ts'

export interface WorkerTracingDeps {
  /** `OTEL_…` of the environment. */
  readonly given: Readonly<Record<string, string>>
  readonly logger: Pick<Logger, 'warn'>
}

/** Undefined unless a collector is named. */
export async function startWorkerTracing({
  given,
  logger,
}: WorkerTracingDeps): Promise<WorkerTracing | undefined> {
  const endpoint = given['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? given['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  if (endpoint === undefined || given['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined
  const [{ startOpenTelemetry }, { createWorkerTracing }] = await Promise.all([
    import('./open-telemetry.ts'),
    import('./trace-inference.ts'),
  ])
  const variables = {
    OTEL_SERVICE_NAME: 'bandit-model-worker',
    OTEL_LOGS_EXPORTER: 'none',
    // What describes the process holds its command line.
    OTEL_NODE_RESOURCE_DETECTORS: 'service,host',
    ...given,
  }
  const scope = 'bandit-model-worker'
  return createWorkerTracing(startOpenTelemetry({ scope, version: packageFile.version, variables, logger }))
}
