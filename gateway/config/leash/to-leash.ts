import type { GuardrailsInput } from './leash-schema.ts'
import type { Guardrails, LeashConfig } from './leash.ts'
import type { ArmInput } from '../arms/arm-schema.ts'

/** An arm's own guardrails over those of its endpoint. */
export function toLeash(arm: ArmInput, endpoint: GuardrailsInput | undefined): LeashConfig {
  const { guardrails: own, warm_up: warmUp, canary } = arm
  return {
    ...((own ?? endpoint) && { guardrails: toGuardrails(endpoint ?? {}, own ?? {}) }),
    ...(warmUp && {
      warmUp: {
        pulls: warmUp.pulls,
        minShare: warmUp.min_share,
        rewards: warmUp.rewards,
        maxShare: warmUp.max_share,
      },
    }),
    ...(canary && {
      canary: { from: canary.from, to: canary.to, overMs: canary.over, steps: canary.steps },
    }),
  }
}

const minute = 60_000

function toGuardrails(endpoint: GuardrailsInput, own: GuardrailsInput): Guardrails {
  const rules = { ...endpoint, ...own }
  const probation = { ...endpoint.probation, ...own.probation }
  return {
    windowMs: rules.window ?? minute,
    minRequests: rules.min_requests ?? 20,
    errorRate: rules.error_rate,
    latencyP99Ms: rules.latency_p99,
    baseline: rules.baseline,
    probability: rules.probability ?? 0.95,
    minRewards: rules.min_rewards ?? 500,
    action: rules.action ?? 'quarantine',
    probation: {
      afterMs: probation.after ?? minute,
      forMs: probation.for ?? minute,
      share: probation.share ?? 0.02,
    },
  }
}
