import { createHash } from 'node:crypto'
import type { Logger } from '@opentelemetry/api'
import type { Decision } from '../../../bandit/index.ts'
import type { DecisionLog } from '../../decision-log/decision-log.ts'
import type { DecisionFacts } from '../../decision-log/to-lines.ts'

/** Told of every decision that was answered. */
export type Evaluations = Pick<DecisionLog, 'decided'>

/**
 * Every answered decision as a `feature_flag.evaluation` event, by the semantic conventions for feature flags: the
 * endpoint is the flag, its arms are the variants.
 */
export function sendEvaluations(events: Logger): Evaluations {
  return {
    decided(decision, facts) {
      const { endpoint, arm, policy, propensity, key, penalty } = decision
      events.emit({
        eventName: 'feature_flag.evaluation',
        timestamp: decision.decidedAt,
        attributes: {
          'feature_flag.key': endpoint,
          'feature_flag.result.variant': arm,
          'feature_flag.result.reason': reasonOf(decision, facts),
          'feature_flag.provider.name': 'bandit-gateway',
          'feature_flag.version': decision.generation,
          ...(facts.unit !== undefined && { 'feature_flag.context.id': hashed(facts.unit) }),
          'bandit.policy': policy,
          'bandit.propensity': propensity,
          'bandit.decision.id': key,
          ...(penalty !== undefined && { 'bandit.penalty': penalty }),
        },
      })
    },
  }
}

/** split: drawn from the policy's shares; default: another arm had failed before; stale: as split, but from an old snapshot, as the store was away. */
function reasonOf({ degraded }: Decision, { failedOver }: DecisionFacts): string {
  if (failedOver) return 'default'
  return degraded ? 'stale' : 'split'
}

/** Who a caller's user is stays with the caller; the same user still has the same id. */
function hashed(unit: string): string {
  return createHash('sha256').update(unit).digest('hex').slice(0, 16)
}
