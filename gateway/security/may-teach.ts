import type { Feedback, PredictionIds } from '../../bandit/index.ts'
import { mayUse, type Caller } from './caller.ts'
import { endpointOf } from './endpoint-of.ts'

/** Whether feedback is about an endpoint that the caller's key is for. */
export type MayTeach = (caller: Caller | undefined, feedback: Feedback) => boolean

/** An id that is not ours names no endpoint: it goes on, and the learner calls it forged. */
export function createMayTeach(ids: Pick<PredictionIds, 'verify'>): MayTeach {
  return (caller, feedback) => {
    if (caller?.endpoints === undefined) return true
    const endpoint = endpointOf(ids, feedback)
    return endpoint === undefined || mayUse(caller, endpoint)
  }
}
