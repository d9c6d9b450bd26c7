import packageFile from '../../package.json' with { type: 'json' }
import type { TelemetryConfig } from '../config/config.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics/metrics.ts'
import { createRegistry } from '../telemetry/metrics/registry.ts'
import type { Tracing } from '../telemetry/tracing.ts'

/** Measurements name their trace where that is asked for and there are traces. */
export function wireMetrics(config: TelemetryConfig, tracing: Tracing | undefined): Metrics {
  const exemplars = config.exemplars ? tracing?.ids : undefined
  return createMetrics({
    registry: createRegistry(exemplars !== undefined),
    version: packageFile.version,
    exemplars,
  })
}
