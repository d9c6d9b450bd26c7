import { Registry } from 'prom-client'
import type { TraceIds } from '../tracing.ts'
import { toPlainText } from './plain-text.ts'

/** Of the recorded span within which something is measured. */
export type Exemplars = () => TraceIds | undefined

/** Exemplars exist in OpenMetrics alone. */
export function createRegistry(hasExemplars: boolean): Registry {
  const registry = new Registry()
  // By its type a registry keeps its first format for ever; by what it does it does not.
  const either: { setContentType(contentType: string): void } = registry
  if (hasExemplars) either.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}

/** What a scraper that accepts `accept` gets. */
export async function expose(
  registry: Registry,
  accept = '',
): Promise<{ contentType: string; text: string }> {
  const text = await registry.metrics()
  const contentType: string = registry.contentType
  if (contentType !== Registry.OPENMETRICS_CONTENT_TYPE || accept.includes('application/openmetrics-text'))
    return { contentType, text }
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: toPlainText(text) }
}
