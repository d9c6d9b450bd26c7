import {
  context,
  propagation,
  SpanKind,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { CallOutcome, CallTrace, UpstreamTracer } from '../../upstream/tracer.ts'
import { fail, recordedSpan } from './spans.ts'

/** A call that remembers where it belongs: batches are sent long after the request has gone to wait. */
interface SpannedCall extends CallTrace {
  readonly span: Span
  readonly context: Context
}

/**
 * One call is a span of its request: it waits, then rides in a batch. A batch answers calls of several traces and can
 * be a child in one only: it is the child of the first recorded call in it, linked to and from all others.
 */
export function traceUpstream(tracer: Tracer): UpstreamTracer {
  return {
    called(model, rows) {
      if (recordedSpan() === undefined) return undefined
      const request = context.active()
      const attributes = { 'bandit.model': model, 'bandit.rows': rows }
      const span = tracer.startSpan(`call ${model}`, { attributes }, request)
      const call: SpannedCall = {
        span,
        context: trace.setSpan(request, span),
        ended: (outcome) => end(span, outcome),
      }
      return call
    },
    sent(model, rows, calls) {
      const [first, ...others] = calls as readonly [SpannedCall, ...SpannedCall[]]
      const attributes = { 'http.request.method': 'POST', 'bandit.model': model, 'bandit.batch.rows': rows }
      const links = others.map((call) => ({ context: call.span.spanContext() }))
      const span = tracer.startSpan(
        `infer ${model}`,
        { kind: SpanKind.CLIENT, attributes, links },
        first.context,
      )
      for (const call of others) call.span.addLink({ context: span.spanContext() })
      const headers: Record<string, string> = {}
      propagation.inject(trace.setSpan(first.context, span), headers)
      return { headers, ended: (outcome) => end(span, outcome) }
    },
  }
}

function end(span: Span, outcome: CallOutcome): void {
  if (outcome !== 'answered') fail(span, outcome)
  span.end()
}
