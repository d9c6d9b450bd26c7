import type { InferRequest, Tensor } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { departureOf } from '../http/departure.ts'
import type { AppContext } from '../http/request-info.ts'
import { encodeContext } from '../predict/encode-context.ts'
import { patienceOf } from '../predict/exact.ts'
import { createPredict } from '../predict/predict.ts'
import { prepare, type Prepared } from '../predict/prepare.ts'
import { notReady } from '../predict/refusals.ts'
import type { PredictRouteDeps } from '../predict/route.ts'
import type { Pin } from '../rules/compile-rules.ts'
import { rulingOn } from '../rules/ruling-on.ts'
import { toFields } from './fields.ts'
import { createModels } from './find-model.ts'
import { checkOutputs, orderInputs, readAsked, readInference } from './request.ts'
import { inferenceResponse } from './response.ts'
import { signatureOf, type Signature } from './signature.ts'

/** POST /v2/models/{endpoint}/infer, and /v2/models/{endpoint}/versions/{arm}/infer for one arm. */
export function createInfer(deps: PredictRouteDeps): (c: AppContext) => Promise<Response> {
  const predict = createPredict(deps)
  const models = createModels(deps.endpoints)

  return async (c) => {
    const { endpoint: asked, arm } = models.find(c)
    const known = specsOf(asked, arm)
    const { request, binaryOutput } = await readInference(c, known.inputs, deps.bodyLimit)
    const { unit, context, learn, exact } = readAsked(request.parameters)
    if (exact && arm === undefined) throw drawnAnew()
    const ruling = arm === undefined ? rulingOn(asked, c, { unit, context }) : pin(asked, arm, learn)
    const endpoint = ruling?.kind === 'endpoint' ? deps.endpoints.get(ruling.endpoint)! : asked
    const { outputs } = endpoint === asked ? known : specsOf(endpoint, arm)
    checkOutputs(request, outputs, endpoint.pipeline?.after?.makes)
    const { tensors, prepared } = await toTensors(endpoint, request)
    const prediction = await predict({
      endpoint,
      inputs: tensors,
      table: prepared?.table,
      id: undefined,
      tenant: c.get('caller')?.tenant,
      context,
      features: encodeContext(endpoint.encoding, context),
      unit,
      ruling,
      inJson: outputsInJson(endpoint, request.outputs, binaryOutput),
      ...patienceOf(endpoint.settings, exact, {
        startedAt: c.get('request').startedAt,
        departure: departureOf(c),
      }),
    })
    return inferenceResponse(c, {
      model: asked.name,
      request,
      binaryOutput,
      prediction,
      after: endpoint.pipeline?.after,
      features: prepared?.features,
    })
  }

  /** @throws GatewayError not_ready, nothing_to_infer */
  function specsOf(endpoint: EndpointRuntime, arm: string | undefined): Signature {
    const signature = signatureOf(endpoint, arm)
    if (signature === undefined) throw notReady(endpoint, deps.random)
    return signature
  }
}

/** The protocol has no id that an arm could be drawn from twice. */
function drawnAnew(): GatewayError {
  const detail =
    'parameters.exact goes with a version that is named: name one, or use POST /predict with an id'
  return new GatewayError('invalid_field', detail)
}

interface Sent {
  readonly tensors: readonly Tensor[]
  /** Where the endpoint makes them of fields. */
  readonly prepared: Prepared | undefined
}

/** @throws GatewayError */
async function toTensors(endpoint: EndpointRuntime, request: InferRequest): Promise<Sent> {
  const specs = endpoint.inputs()!
  const before = endpoint.pipeline?.before
  if (before === undefined) return { tensors: orderInputs(request, specs), prepared: undefined }
  const prepared = await prepare(before, endpoint, toFields(request.inputs), specs)
  return { tensors: prepared.inputs, prepared }
}

/** @throws GatewayError no_arm_available for an arm that an operator has paused */
function pin({ arms, controls }: EndpointRuntime, arm: string, isLearned: boolean): Pin {
  if (controls.of(arm).paused === true) {
    throw new GatewayError('no_arm_available', `${arm} is paused: name another version, or none`)
  }
  return { kind: 'pinned', arm, masked: new Set([...arms.keys()].filter((name) => name !== arm)), isLearned }
}

/** What a client wants in binary is turned into JSON only where it is looked at here. */
function outputsInJson(
  { settings: { reward, drift } }: EndpointRuntime,
  wanted: readonly string[] | undefined,
  binaryOutput: (name: string) => boolean,
): (output: string) => boolean {
  const watched = new Set(drift?.signals.filter(({ side }) => side === 'output').map(({ tensor }) => tensor))
  if (reward.from === 'label') watched.add(reward.output)
  return (output) =>
    watched.has(output) || (!binaryOutput(output) && (wanted === undefined || wanted.includes(output)))
}
