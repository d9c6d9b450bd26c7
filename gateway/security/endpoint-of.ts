import type { Feedback, PredictionIds } from '../../bandit/index.ts'

/** The endpoint that feedback is about; undefined where its id is not ours, and names none. */
export function endpointOf(
  ids: Pick<PredictionIds, 'verify'>,
  { predictionId, callerId }: Feedback,
): string | undefined {
  return predictionId === undefined ? callerId?.endpoint : ids.verify(predictionId)?.endpoint
}
