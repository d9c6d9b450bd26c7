import { fromMicro, type Decision } from '../../bandit/index.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'

/** What the answer cost is known now, and what it earned is told later by whoever has the id. */
export function penalised(
  { penaltyOf, settings }: Pick<EndpointRuntime, 'penaltyOf' | 'settings'>,
  decision: Decision,
  tookMs: number,
): Decision {
  if (penaltyOf === undefined) return decision
  const penaltyMicro = penaltyOf(decision.arm, tookMs)
  const penalty = Number((fromMicro(penaltyMicro) * settings.reward.penalty!.most).toPrecision(12))
  return { ...decision, penalty, penaltyMicro }
}
