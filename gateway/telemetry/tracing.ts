import type { MiddlewareHandler } from 'hono'
import type { Agent, Learner } from '../../bandit/index.ts'
import type { EndpointSteps } from '../endpoint-runtime.ts'
import type { EventListener } from '../events/events.ts'
import type { Enrich } from '../features/enrich.ts'
import type { PatientSource } from '../features/patient-source.ts'
import type { AppEnv } from '../http/request-info.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { UpstreamTracer } from '../upstream/tracer.ts'
import type { AroundStore } from './measured-store.ts'
import type { Evaluations } from './tracing/evaluations.ts'

/**
 * What watches the gateway where tracing is on. Where it is off there is none of this, and nothing of OpenTelemetry
 * is loaded or called: everything here is put around the gateway's parts when they are wired.
 */
export interface Tracing {
  /** Around every request; what runs within it finds its span by asynchronous context. */
  readonly requests: MiddlewareHandler<AppEnv>
  readonly upstream: UpstreamTracer
  readonly store: (kind: string) => AroundStore
  agent(agent: Agent): Agent
  enrich(endpoint: string, enrich: Enrich): Enrich
  source(names: { readonly endpoint: string; readonly source: string }, source: PatientSource): PatientSource
  pipeline(endpoint: string, pipeline: Pipeline): Pipeline
  steps(endpoint: string, steps: EndpointSteps): EndpointSteps
  learner(learner: Learner): Learner
  /** Undefined unless decisions are sent as log events. */
  readonly evaluations: Evaluations | undefined
  /** Sends what happens as log events; undefined where none are sent. */
  readonly events: EventListener | undefined
  /** For a log line: of the recorded span within which it is written. */
  readonly ids: () => TraceIds | undefined
  /** What workers are started with so that their spans join those of the gateway. */
  readonly workerVariables: Readonly<Record<string, string>>
  /** Sends what is left, for a bounded time. Never rejects. */
  stop(): Promise<void>
}

export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
}
