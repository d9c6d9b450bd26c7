import { context, SpanKind, type Tracer } from '@opentelemetry/api'
import type { AroundStore } from '../measured-store.ts'
import { recordedSpan, within } from './spans.ts'

/** A client span for every call of the store that a recorded request waits for; names alone, no keys or values. */
export function traceStore(tracer: Tracer, kind: string): AroundStore {
  return (operation, call) => {
    if (recordedSpan() === undefined) return call()
    const attributes = { 'db.system.name': kind, 'db.operation.name': operation }
    const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, attributes }, context.active())
    return within(span, call)
  }
}
