import type { IncomingMessage } from 'node:http'
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Span, Tracer } from '@opentelemetry/api'
import { HttpFault, type Reply } from './http.ts'
import type { Model } from './model.ts'
import type { OpenTelemetry } from './open-telemetry.ts'
import type { WorkerTracing } from './tracing.ts'

/** A server span for the whole request and, within it, one for the run of the model. */
export function createWorkerTracing(telemetry: OpenTelemetry): WorkerTracing {
  const { tracer } = telemetry
  return {
    model: (model) => traceModel(tracer, model),
    request: (request, answer) => traceRequest(tracer, request, answer),
    ids() {
      const span = trace.getActiveSpan()
      if (span?.isRecording() !== true) return undefined
      const { traceId, spanId } = span.spanContext()
      return { trace_id: traceId, span_id: spanId }
    },
    stop: () => telemetry.stop(),
  }
}

function traceModel(tracer: Tracer, model: Model): Model {
  const { name } = model.metadata
  return {
    ...model,
    infer(request) {
      if (trace.getActiveSpan()?.isRecording() !== true) return model.infer(request)
      const attributes = { 'bandit.model': name, 'bandit.batch.rows': request.inputs[0]?.shape[0] }
      const span = tracer.startSpan(`run ${name}`, { attributes }, context.active())
      return within(span, () => model.infer(request))
    },
  }
}

async function traceRequest(
  tracer: Tracer,
  request: IncomingMessage,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  const caller = propagation.extract(ROOT_CONTEXT, request.headers)
  const attributes = { 'http.request.method': 'POST', 'url.scheme': 'http', 'url.path': request.url }
  const span = tracer.startSpan(
    'POST /v2/models/{model}/infer',
    { kind: SpanKind.SERVER, attributes },
    caller,
  )
  if (!span.isRecording()) return answer()
  return within(span, async () => {
    const reply = await answer()
    span.setAttribute('http.response.status_code', reply.status)
    return reply
  })
}

async function within<T>(span: Span, call: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(context.active(), span), call)
  } catch (error) {
    describe(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** What the caller did wrong is no fault of the server. */
function describe(span: Span, error: unknown): void {
  if (error instanceof HttpFault) {
    span.setAttribute('http.response.status_code', error.status)
    if (error.status < 500) return
  }
  const type = error instanceof Error ? error.name : 'unknown'
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR })
}
