import { context, SpanStatusCode, trace, type Span } from '@opentelemetry/api'

/** The span of what is being done now. Undefined where that is not recorded, so that its parts are not either. */
export function recordedSpan(): Span | undefined {
  const span = trace.getActiveSpan()
  return span?.isRecording() === true ? span : undefined
}

/** Does `call` within `span`, which ends with it. */
export async function within<T>(span: Span, call: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(context.active(), span), call)
  } catch (error) {
    fail(span, errorType(error))
    throw error
  } finally {
    span.end()
  }
}

/** `type` is a stable code; words that differ from case to case stay in the log. */
export function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR })
}

function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
