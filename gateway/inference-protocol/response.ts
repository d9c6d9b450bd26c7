import { encodeResponse } from '../../model-workers/protocol/binary.ts'
import type { InferRequest, Parameters } from '../../model-workers/protocol/types.ts'
import type { AppContext } from '../http/request-info.ts'
import type { FeatureReport } from '../features/enrich.ts'
import type { After } from '../pipeline/pipeline.ts'
import type { Prediction } from '../predict/predict.ts'
import { toShownTensors } from './shown-outputs.ts'
import { chooseCompression, compress } from './compression.ts'

export interface InferenceAnswer {
  /** The endpoint that was asked. */
  readonly model: string
  readonly request: InferRequest
  readonly binaryOutput: (name: string) => boolean
  readonly prediction: Prediction
  /** What was done to the outputs, if anything was. */
  readonly after?: After | undefined
  /** What was not known of the request. */
  readonly features?: FeatureReport | undefined
}

/** The answer as the protocol has it, with the decision in its parameters and in headers. */
export async function inferenceResponse(c: AppContext, answer: InferenceAnswer): Promise<Response> {
  const { model, request, binaryOutput, prediction, after, features } = answer
  const { decision } = prediction
  const tensors =
    after === undefined ? prediction.tensors : toShownTensors(prediction.outputs, prediction.tensors, after)
  const { id, outputs: wanted } = request
  const outputs = wanted === undefined ? tensors : tensors.filter(({ name }) => wanted.includes(name))
  const message = encodeResponse(
    {
      modelName: model,
      modelVersion: decision.arm,
      ...(id !== undefined && { id }),
      parameters: toParameters(prediction, features),
      outputs,
    },
    binaryOutput,
  )
  const compression = chooseCompression(c.req.header('accept-encoding'), message.body.length)
  const body = compression === undefined ? message.body : await compress(message.body, compression)
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: {
      ...message.headers,
      ...(compression !== undefined && { 'content-encoding': compression }),
      'x-request-id': c.get('request').id,
      'x-bandit-arm': decision.arm,
      ...(decision.version !== undefined && { 'x-bandit-version': decision.version }),
      'x-bandit-propensity': String(decision.propensity),
      ...(prediction.predictionId !== undefined && { 'x-bandit-prediction-id': prediction.predictionId }),
    },
  })
}

function toParameters(
  { predictionId, decision, recorded }: Prediction,
  features: FeatureReport | undefined,
): Parameters {
  return {
    ...(predictionId !== undefined && { prediction_id: predictionId }),
    endpoint: decision.endpoint,
    arm: decision.arm,
    ...(decision.version !== undefined && { version: decision.version }),
    policy: decision.policy,
    propensity: decision.propensity,
    degraded: decision.degraded || !recorded,
    ...(decision.rule !== undefined && { rule: decision.rule }),
    ...(decision.penalty !== undefined && { penalty: decision.penalty }),
    ...(features !== undefined && { features: JSON.stringify(features) }),
  }
}
