import { context, SpanKind, type Tracer } from '@opentelemetry/api'
import type { PatientSource } from '../../features/patient-source.ts'
import { fail, recordedSpan, within } from './spans.ts'

/** The same source; each time that it is asked for a recorded request is a span. It has no keys and no values. */
export function traceSource(
  tracer: Tracer,
  { endpoint, source: name }: { readonly endpoint: string; readonly source: string },
  source: PatientSource,
): PatientSource {
  return {
    ...source,
    read(entities) {
      if (recordedSpan() === undefined) return source.read(entities)
      const attributes = {
        'bandit.endpoint': endpoint,
        'bandit.features.source': name,
        'bandit.features.entities': entities.length,
      }
      const span = tracer.startSpan(`fetch ${name}`, { kind: SpanKind.CLIENT, attributes }, context.active())
      return within(span, async () => {
        const found = await source.read(entities)
        if (typeof found === 'string') fail(span, found)
        return found
      })
    },
  }
}
