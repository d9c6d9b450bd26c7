import { context, type Attributes, type Tracer } from '@opentelemetry/api'
import type { FeedbackOutcome, Learner } from '../../../bandit/index.ts'
import { toSpanContext } from './reference.ts'
import { recordedSpan, within } from './spans.ts'

/**
 * The same learner; what it does within a recorded request is a span with a link to the prediction's trace. Feedback
 * about a recorded prediction is recorded in any case: by itself, where its own request is not.
 */
export function traceLearner(tracer: Tracer, learner: Learner): Learner {
  async function learnLinked(...feedback: Parameters<Learner['learn']>): Promise<FeedbackOutcome> {
    const startTime = performance.now()
    const outcome = await learner.learn(...feedback)
    if (outcome.trace === undefined) return outcome
    const links = [{ context: toSpanContext(outcome.trace) }]
    tracer.startSpan('learn', { root: true, startTime, links, attributes: toAttributes(outcome) }).end()
    return outcome
  }

  return {
    ...learner,
    learn(...feedback) {
      if (recordedSpan() === undefined) return learnLinked(...feedback)
      const span = tracer.startSpan('learn', {}, context.active())
      return within(span, async () => {
        const outcome = await learner.learn(...feedback)
        span.setAttributes(toAttributes(outcome))
        if (outcome.trace !== undefined) span.addLink({ context: toSpanContext(outcome.trace) })
        return outcome
      })
    },
  }
}

function toAttributes({ status, key, endpoint, arm, delayMs }: FeedbackOutcome): Attributes {
  return {
    'bandit.feedback.outcome': status,
    'bandit.endpoint': endpoint,
    'bandit.arm': arm,
    'bandit.decision.id': key,
    'bandit.feedback.delay': delayMs === undefined ? undefined : delayMs / 1000,
  }
}
