import type { Feedback, PredictionIds } from '../../bandit/index.ts'
import { mayUse, type Caller } from './caller.ts'

/** Whether feedback is about an endpoint that the caller's key is for. */
export type MayTeach = (caller: Caller | undefined, feedback: Feedback) => boolean

/** An id that is not ours names no endpoint: it goes on, and the learner calls it forged. */
export function createMayTeach(ids: Pick<PredictionIds, 'verify'>): MayTeach {
  return (caller, { predictionId, callerId }) => {
    if (caller?.endpoints === undefined) return true
    const endpoint = predictionId === undefined ? callerId?.endpoint : ids.verify(predictionId)?.endpoint
    return endpoint === undefined || mayUse(caller, endpoint)
  }
}
