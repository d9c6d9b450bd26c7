import { Counter, Histogram, type Registry } from 'prom-client'

/**
 * spared: left out under overload; dropped: as many copies were under way as may be; unrecorded: beside answered,
 * labels cannot score it, as the store was away.
 */
export type ShadowOutcome =
  | 'answered'
  | 'late'
  | 'failed'
  | 'unavailable'
  | 'dropped'
  | 'spared'
  | 'unrecorded'

export interface ShadowMetrics {
  /** What became of one copy, and how long that took where it was answered. */
  ended(endpoint: string, shadow: string, outcome: ShadowOutcome, seconds?: number): void
  compared(endpoint: string, shadow: string, agrees: boolean): void
}

const copySeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export function createShadowMetrics(registry: Registry): ShadowMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: 'bandit_shadow_requests_total',
    help: 'Predictions copied to a shadow, by what became of the copy; never a failure of an arm',
    labelNames: ['endpoint', 'shadow', 'outcome'],
    registers,
  })
  const agreements = new Counter({
    name: 'bandit_shadow_agreement_total',
    help: 'Answers of a shadow, by whether they said the same as the answer that went out',
    labelNames: ['endpoint', 'shadow', 'agrees'],
    registers,
  })
  const duration = new Histogram({
    name: 'bandit_shadow_duration_seconds',
    help: 'Copies that a shadow answered, from asking it to its answer',
    labelNames: ['endpoint', 'shadow'],
    buckets: copySeconds,
    registers,
  })
  return {
    ended(endpoint, shadow, outcome, seconds) {
      requests.inc({ endpoint, shadow, outcome })
      if (seconds !== undefined) duration.observe({ endpoint, shadow }, seconds)
    },
    compared: (endpoint, shadow, agrees) => agreements.inc({ endpoint, shadow, agrees: String(agrees) }),
  }
}
