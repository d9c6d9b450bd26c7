import { isWithin } from '../bounds.ts'
import type { LearnerDeps } from '../learner.ts'
import type { CheckedId } from '../ledger/prediction-id.ts'
import { qualityBounds } from '../rewards/penalty.ts'
import type { Feedback } from '../types.ts'

/** Whether only the store can say what becomes of a feedback: nothing forged or malformed reaches the journal. */
export function createWorthKeeping({
  ids,
  endpoints,
  isAhead = () => false,
}: Omit<LearnerDeps, 'clock'>): (feedback: Feedback, id?: CheckedId) => boolean {
  return ({ predictionId, callerId, reward, label, void: taken }, id) => {
    if (predictionId === undefined) return endpoints.has(callerId?.endpoint ?? '')
    const claims = id ?? ids.verify(predictionId) ?? 'forged'
    if (claims === 'forged' || isAhead(claims.decidedAt)) return false
    const endpoint = endpoints.get(claims.endpoint)
    if (endpoint?.generation !== claims.generation) return false
    if (taken === true) return true
    if (endpoint.rewardFrom === 'label') return label !== undefined
    return reward !== undefined && isWithin(reward, qualityBounds(endpoint))
  }
}
