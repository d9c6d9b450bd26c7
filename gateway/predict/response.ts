import type { FeatureReport } from '../features/enrich.ts'
import type { Prediction } from './predict.ts'

/** As much of an answer as a decision is told by. */
type Told = Pick<Prediction, 'repeated' | 'recorded'> & {
  /** Of an ensemble. */
  readonly members?: Prediction['members'] | undefined
  readonly decision: Pick<Prediction['decision'], 'policy' | 'propensity' | 'degraded' | 'rule' | 'penalty'>
}

/** The answer as it is sent. */
export function toPredictBody(prediction: Prediction, features?: FeatureReport): object {
  const { predictionId, decision, outputs } = prediction
  return {
    prediction_id: predictionId,
    endpoint: decision.endpoint,
    arm: decision.arm,
    ...(decision.version !== undefined && { version: decision.version }),
    outputs,
    decision: toDecisionBody(prediction),
    // What was not known of the request, where anything was not.
    ...(features !== undefined && { features }),
  }
}

/** What is told of a decision, however it was asked for. */
export function toDecisionBody({ decision, repeated, recorded, members }: Told): object {
  return {
    policy: decision.policy,
    propensity: decision.propensity,
    degraded: decision.degraded || !recorded,
    ...(decision.rule !== undefined && { rule: decision.rule }),
    ...(decision.penalty !== undefined && { penalty: decision.penalty }),
    ...(repeated && { repeated }),
    ...(!recorded && { recorded }),
    ...(members !== undefined && { members }),
  }
}
