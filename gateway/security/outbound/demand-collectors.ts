import { StartFault } from '../../start-fault.ts'
import { createOutboundJudge, type OutboundPolicy } from './outbound-policy.ts'

const names = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
] as const

/**
 * The environment may name collectors as the configuration does, and is held to the same list. Not as connections are made:
 * the SDK makes its exporters from its own settings, and takes nobody's connections but with exporters made for it.
 *
 * @param variables settings of the OpenTelemetry SDK by their standard names
 * @throws StartFault when one is nobody that the gateway may call
 */
export function demandCollectors(variables: Readonly<Record<string, string>>, policy: OutboundPolicy): void {
  const judge = createOutboundJudge(policy)
  for (const name of names) {
    const address = variables[name]
    if (address === undefined) continue
    // With gRPC there may be no scheme.
    const url = URL.parse(address.includes('://') ? address : `http://${address}`)
    const refusal = url === null ? undefined : judge.ofUrl(url)
    if (refusal !== undefined) throw new StartFault(`${name}: ${refusal}`)
  }
}
