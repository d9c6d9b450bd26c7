import { context, type Tracer } from '@opentelemetry/api'
import type { EndpointSteps } from '../../endpoint-runtime.ts'
import { recordedSpan, within } from './spans.ts'

/** The same models before the arms, as a span of the request, within which are those of their calls. */
export function traceSteps(tracer: Tracer, endpoint: string, steps: EndpointSteps): EndpointSteps {
  return {
    ...steps,
    run(tensors, deadlineAt, caller) {
      if (recordedSpan() === undefined) return steps.run(tensors, deadlineAt, caller)
      const attributes = { 'bandit.endpoint': endpoint, 'bandit.inputs': tensors.map(({ name }) => name) }
      const span = tracer.startSpan('preprocess models', { attributes }, context.active())
      return within(span, () => steps.run(tensors, deadlineAt, caller))
    },
  }
}
