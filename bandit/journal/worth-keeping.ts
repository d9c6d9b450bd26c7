import { isWithin } from '../bounds.ts'
import type { LearnerDeps } from '../learner.ts'
import type { Feedback } from '../types.ts'

/** Whether only the store can say what becomes of a feedback: nothing forged or malformed reaches the journal. */
export function createWorthKeeping({
  ids,
  endpoints,
}: Pick<LearnerDeps, 'ids' | 'endpoints'>): (feedback: Feedback) => boolean {
  return ({ predictionId, callerId, reward, label, void: taken }) => {
    if (predictionId === undefined) return endpoints.has(callerId?.endpoint ?? '')
    const claims = ids.verify(predictionId)
    const endpoint = claims && endpoints.get(claims.endpoint)
    if (endpoint === undefined || endpoint.generation !== claims?.generation) return false
    if (taken === true) return true
    if (endpoint.rewardFrom === 'label') return label !== undefined
    return reward !== undefined && isWithin(reward, endpoint.bounds)
  }
}
