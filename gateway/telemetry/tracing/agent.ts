import { context, type Attributes, type Tracer } from '@opentelemetry/api'
import type { Agent, Decision } from '../../../bandit/index.ts'
import { fail, recordedSpan } from './spans.ts'
import { toReference } from './reference.ts'

/** The same agent; a decision that is recorded names its trace, so that its feedback finds it. */
export function traceAgent(tracer: Tracer, agent: Agent): Agent {
  return {
    ...agent,
    decide(...question) {
      const request = recordedSpan()
      if (request === undefined) return agent.decide(...question)
      const span = tracer.startSpan('decide', {}, context.active())
      const decision = agent.decide(...question)
      if (decision === undefined) fail(span, 'no_arm_available')
      else span.setAttributes(describe(decision))
      span.end()
      return decision && { ...decision, trace: toReference(request.spanContext()) }
    },
  }
}

function describe({ key, endpoint, arm, policy, propensity, degraded, basis }: Decision): Attributes {
  return {
    'bandit.endpoint': endpoint,
    'bandit.arm': arm,
    'bandit.policy': policy,
    'bandit.propensity': propensity,
    'bandit.degraded': degraded,
    'bandit.decision.id': key,
    ...(basis?.held && { 'bandit.propensity.wanted': basis.held.wanted[basis.arms.indexOf(arm)] }),
  }
}
