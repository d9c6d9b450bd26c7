import type { Guardrails } from '../../../gateway/config/leash/leash.ts'

export const rules: Guardrails = {
  windowMs: 60_000,
  minRequests: 20,
  errorRate: 0.2,
  latencyP99Ms: 100,
  baseline: 'old',
  probability: 0.95,
  minRewards: 500,
  action: 'quarantine',
  probation: { afterMs: 10_000, forMs: 5000, share: 0.02 },
}
