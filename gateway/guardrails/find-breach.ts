import type { Guardrails } from '../config/leash/leash.ts'
import type { HealthReading } from './arm-health.ts'

/** A guardrail that an arm has run into. */
export interface Breach {
  readonly rule: 'error_rate' | 'latency_p99' | 'reward'
  /** One sentence with the numbers. */
  readonly reason: string
  readonly facts: Readonly<Record<string, number | string>>
}

/** What the arm is compared by with its baseline. */
export interface RewardEvidence {
  /** Probability that the mean reward of the arm is below the baseline's. */
  readonly probabilityBelow: number
  /** Rewards, weighted by age, of whichever of the two has fewer. */
  readonly rewards: number
}

/**
 * Faults of the arm itself. A rate is judged as if there had been at least `minRequests`: many faults of few requests
 * are found without waiting for more, one fault alone is not. More than 1 % of the answers slower than the limit is
 * the same as a 99th percentile above it.
 */
export function findFaults(rules: Guardrails, { requests, faults, slow }: HealthReading): Breach | undefined {
  const { errorRate, latencyP99Ms, minRequests } = rules
  const counted = Math.max(requests, minRequests)
  if (errorRate !== undefined && faults > errorRate * counted) {
    const reason = `${faults} of ${requests} requests failed, at most ${percent(errorRate)} may`
    return { rule: 'error_rate', reason, facts: { requests, faults, limit: errorRate } }
  }
  if (latencyP99Ms !== undefined && slow > Math.max(leastSlow, 0.01 * counted)) {
    const reason = `${slow} of ${requests} answers took longer than ${latencyP99Ms} ms, at most 1 % may`
    return { rule: 'latency_p99', reason, facts: { requests, slow, limit_ms: latencyP99Ms } }
  }
  return undefined
}

/** Slow answers that any process has now and then: the first ones, and those around a pause of its collector. */
const leastSlow = 4

export function findLoss(rules: Guardrails, evidence: RewardEvidence | undefined): Breach | undefined {
  const { baseline, probability, minRewards } = rules
  if (baseline === undefined || evidence === undefined) return undefined
  const { probabilityBelow, rewards } = evidence
  if (rewards < minRewards || probabilityBelow <= probability) return undefined
  const reason = `its mean reward is below that of ${baseline} with a probability of ${percent(probabilityBelow)}`
  return { rule: 'reward', reason, facts: { baseline, probability: probabilityBelow, limit: probability } }
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
