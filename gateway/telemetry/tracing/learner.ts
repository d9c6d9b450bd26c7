import { context, type Span, type Tracer } from '@opentelemetry/api'
import type { FeedbackOutcome, Learner } from '../../../bandit/index.ts'
import { toSpanContext } from './reference.ts'
import { recordedSpan, within } from './spans.ts'

/** The same learner; every feedback of a recorded request is a span with a link to its prediction's trace. */
export function traceLearner(tracer: Tracer, learner: Learner): Learner {
  return {
    ...learner,
    learn(...feedback) {
      if (recordedSpan() === undefined) return learner.learn(...feedback)
      const span = tracer.startSpan('learn', {}, context.active())
      return within(span, async () => {
        const outcome = await learner.learn(...feedback)
        describe(span, outcome)
        return outcome
      })
    },
  }
}

function describe(span: Span, { status, key, endpoint, arm, delayMs, trace }: FeedbackOutcome): void {
  span.setAttributes({
    'bandit.feedback.outcome': status,
    'bandit.endpoint': endpoint,
    'bandit.arm': arm,
    'bandit.decision.id': key,
    'bandit.feedback.delay': delayMs === undefined ? undefined : delayMs / 1000,
  })
  if (trace !== undefined) span.addLink({ context: toSpanContext(trace) })
}
