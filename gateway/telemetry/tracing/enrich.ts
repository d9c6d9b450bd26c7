import { context, type Tracer } from '@opentelemetry/api'
import type { Enrich } from '../../features/enrich.ts'
import { recordedSpan, within } from './spans.ts'

/** The same fetching of features, as a span of the request; what was not known is in it. */
export function traceEnrich(tracer: Tracer, endpoint: string, enrich: Enrich): Enrich {
  return async (table) => {
    if (recordedSpan() === undefined) return enrich(table)
    const span = tracer.startSpan('features', {}, context.active())
    return within(span, async () => {
      const enriched = await enrich(table)
      span.setAttributes({
        'bandit.endpoint': endpoint,
        'bandit.rows': table.rows,
        'bandit.features.missing': Object.keys(enriched.report?.missing ?? {}),
        'bandit.features.unavailable': Object.keys(enriched.report?.unavailable ?? {}),
      })
      return enriched
    })
  }
}
