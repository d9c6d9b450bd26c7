import type { FeatureReport } from '../features/enrich.ts'
import type { Prediction } from './predict.ts'

/** The answer as it is sent. */
export function toPredictBody(prediction: Prediction, features?: FeatureReport): object {
  const { predictionId, decision, outputs, members, repeated, recorded } = prediction
  return {
    prediction_id: predictionId,
    endpoint: decision.endpoint,
    arm: decision.arm,
    ...(decision.version !== undefined && { version: decision.version }),
    outputs,
    decision: {
      policy: decision.policy,
      propensity: decision.propensity,
      degraded: decision.degraded || !recorded,
      ...(decision.rule !== undefined && { rule: decision.rule }),
      ...(decision.penalty !== undefined && { penalty: decision.penalty }),
      ...(repeated && { repeated }),
      ...(!recorded && { recorded }),
      ...(members !== undefined && { members }),
    },
    // What was not known of the request, where anything was not.
    ...(features !== undefined && { features }),
  }
}
