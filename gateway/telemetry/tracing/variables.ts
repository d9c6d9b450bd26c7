import type { TelemetryConfig } from '../../config/config.ts'

/** Settings of the OpenTelemetry SDK by their standard names. */
export type Variables = Readonly<Record<string, string>>

const parentThenShare = 'parentbased_traceidratio'

/** The SDK's settings: those of the environment, then those of the file. Undefined when nobody is to be told anything. */
export function toTelemetryVariables(
  { otlp, sample, decisions }: TelemetryConfig,
  given: Variables,
): Variables | undefined {
  const endpoint = given['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? given['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? otlp
  if (endpoint === undefined || given['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined
  return {
    ...(otlp !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: otlp }),
    OTEL_SERVICE_NAME: 'bandit-gateway',
    OTEL_TRACES_SAMPLER: parentThenShare,
    OTEL_TRACES_SAMPLER_ARG: String(sample),
    OTEL_LOGS_EXPORTER: decisions ? 'otlp' : 'none',
    // A collector that is away must not hold up a process that stops.
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    // What describes the process holds its command line, where an address may hold a password.
    OTEL_NODE_RESOURCE_DETECTORS: 'service,host',
    ...given,
  }
}

/** Undefined where the environment names another way of choosing, or makes no sense: the SDK sees to it. */
export function shareToRecord(variables: Variables): number | undefined {
  if (variables['OTEL_TRACES_SAMPLER'] !== parentThenShare) return undefined
  const share = Number(variables['OTEL_TRACES_SAMPLER_ARG'])
  return share >= 0 && share <= 1 ? share : undefined
}

/** A worker sends to the same place, but records only what the gateway that asks it records. */
export function toWorkerVariables(variables: Variables): Variables {
  return {
    ...variables,
    OTEL_SERVICE_NAME: 'bandit-model-worker',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    OTEL_LOGS_EXPORTER: 'none',
  }
}
