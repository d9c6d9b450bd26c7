import type { Decision } from '../../bandit/index.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { DecisionMetrics } from '../telemetry/metrics.ts'

/** What the answer cost is known now, and what it earned is told later by whoever has the id. */
export function penalised(
  { penaltyOf }: Pick<EndpointRuntime, 'penaltyOf'>,
  decision: Decision,
  tookMs: number,
): Decision {
  return penaltyOf === undefined ? decision : { ...decision, penaltyMicro: penaltyOf(decision.arm, tookMs) }
}

export function countPenalty(
  { settings }: Pick<EndpointRuntime, 'settings'>,
  { endpoint, arm, penaltyMicro }: Decision,
  metrics: Pick<DecisionMetrics, 'penalised'>,
): void {
  const { penalty } = settings.reward
  if (penalty === undefined || penaltyMicro === undefined) return
  metrics.penalised(endpoint, arm, (penaltyMicro / 1e6) * penalty.most)
}
