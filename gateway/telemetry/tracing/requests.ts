import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { MiddlewareHandler } from 'hono'
import { GatewayError } from '../../errors.ts'
import { routeOf } from '../../http/observe.ts'
import type { AppContext, AppEnv } from '../../http/request-info.ts'
import { fail } from './spans.ts'

/** Asked every few seconds by machines; their traces would be most of all and tell nothing. */
const unwatched = new Set(['/livez', '/readyz', '/metrics'])

/** A server span for each request, in the trace that its caller names; the caller also says whether it is recorded. */
export function traceRequests(tracer: Tracer): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (unwatched.has(c.req.path)) return next()
    const caller = propagation.extract(ROOT_CONTEXT, c, header)
    const span = tracer.startSpan(c.req.method, { kind: SpanKind.SERVER }, caller)
    if (!span.isRecording()) return next()
    try {
      await context.with(trace.setSpan(caller, span), next)
    } finally {
      describe(span, c)
      span.end()
    }
  }
}

const header = {
  get: (c: AppContext, name: string) => c.req.header(name),
  keys: () => [],
}

/** By the semantic conventions for HTTP servers; the query is left out, as it may hold anything. */
function describe(span: Span, c: AppContext): void {
  const { method } = c.req
  const { status } = c.res
  const route = routeOf(c)
  const url = new URL(c.req.url)
  span.updateName(`${method} ${route}`).setAttributes({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'url.path': url.pathname,
    'url.scheme': url.protocol.slice(0, -1),
    'server.address': url.hostname,
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'bandit.request.id': c.get('request')?.id,
    'bandit.caller': c.get('caller')?.name,
  })
  if (status >= 500) fail(span, c.error instanceof GatewayError ? c.error.code : String(status))
}
