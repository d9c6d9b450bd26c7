import type { OpenTelemetry } from '../../../model-workers/open-telemetry.ts'
import type { Tracing, TraceIds } from '../tracing.ts'
import { traceAgent } from './agent.ts'
import { traceEnrich } from './enrich.ts'
import { sendEvaluations } from './evaluations.ts'
import { traceSource } from './features.ts'
import { sendGatewayEvents } from './gateway-events.ts'
import { traceLearner } from './learner.ts'
import { tracePipeline } from './pipeline.ts'
import { traceRequests } from './requests.ts'
import { recordedSpan } from './spans.ts'
import { traceSteps } from './steps.ts'
import { traceStore } from './store.ts'
import { traceUpstream } from './upstream.ts'
import type { Variables } from './variables.ts'

export interface CreateTracingDeps {
  readonly telemetry: OpenTelemetry
  /** Whether decisions and what happens are sent as log events. */
  readonly sendsEvents: boolean
  readonly workerVariables: Variables
}

/** Everything that watches the gateway, on one tracer. */
export function createTracing({ telemetry, sendsEvents, workerVariables }: CreateTracingDeps): Tracing {
  const { tracer, events } = telemetry
  return {
    requests: traceRequests(tracer),
    upstream: traceUpstream(tracer),
    store: (kind) => traceStore(tracer, kind),
    agent: (agent) => traceAgent(tracer, agent),
    enrich: (endpoint, enrich) => traceEnrich(tracer, endpoint, enrich),
    pipeline: (endpoint, pipeline) => tracePipeline(tracer, endpoint, pipeline),
    steps: (endpoint, steps) => traceSteps(tracer, endpoint, steps),
    source: (names, source) => traceSource(tracer, names, source),
    learner: (learner) => traceLearner(tracer, learner),
    evaluations: sendsEvents ? sendEvaluations(events) : undefined,
    events: sendsEvents ? sendGatewayEvents(events) : undefined,
    ids: activeIds,
    workerVariables,
    stop: () => telemetry.stop(),
  }
}

function activeIds(): TraceIds | undefined {
  const span = recordedSpan()?.spanContext()
  return span && { trace_id: span.traceId, span_id: span.spanId }
}
