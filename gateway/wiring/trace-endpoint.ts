import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { Tracing } from '../telemetry/tracing.ts'

/** The same endpoint, watched; where tracing is off nothing is put around it. */
export function traceEndpoint(tracing: Tracing | undefined, runtime: EndpointRuntime): EndpointRuntime {
  if (tracing === undefined) return runtime
  const { name, agent, pipeline, steps } = runtime
  return {
    ...runtime,
    agent: tracing.agent(agent),
    pipeline: pipeline && tracing.pipeline(name, pipeline),
    steps: steps && tracing.steps(name, steps),
  }
}
