import { TraceFlags, type SpanContext } from '@opentelemetry/api'

/** A span named within a prediction id: 32 hex digits of its trace, 16 of its own. */
export function toReference({ traceId, spanId }: SpanContext): string {
  return traceId + spanId
}

/** Only spans that are recorded are named. */
export function toSpanContext(reference: string): SpanContext {
  return {
    traceId: reference.slice(0, 32),
    spanId: reference.slice(32),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  }
}
