import { GatewayError } from '../errors.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { departureOf } from '../http/departure.ts'
import type { AppContext } from '../http/request-info.ts'
import { encodeContext } from '../predict/encode-context.ts'
import { patienceOf } from '../predict/exact.ts'
import { createPredict } from '../predict/predict.ts'
import { notReady } from '../predict/refusals.ts'
import type { PredictRouteDeps } from '../predict/route.ts'
import { runSteps } from '../predict/run-steps.ts'
import type { Pin } from '../rules/compile-rules.ts'
import { rulingOn } from '../rules/ruling-on.ts'
import { createModels } from './find-model.ts'
import { checkOutputs, orderInputs, readAsked, readInference } from './request.ts'
import { inferenceResponse } from './response.ts'

/** POST /v2/models/{endpoint}/infer, and /v2/models/{endpoint}/versions/{arm}/infer for one arm. */
export function createInfer(deps: PredictRouteDeps): (c: AppContext) => Promise<Response> {
  const predict = createPredict(deps)
  const models = createModels(deps.endpoints)

  return async (c) => {
    const { endpoint: asked, arm } = models.find(c)
    const known = specsOf(asked)
    const { request, binaryOutput } = await readInference(c, known.inputs, deps.bodyLimit)
    const { unit, context, learn, exact } = readAsked(request.parameters)
    if (exact && arm === undefined) throw drawnAnew()
    const ruling = arm === undefined ? rulingOn(asked, c, { unit, context }) : pin(asked, arm, learn)
    const endpoint = ruling?.kind === 'endpoint' ? deps.endpoints.get(ruling.endpoint)! : asked
    const { inputs, outputs } = endpoint === asked ? known : specsOf(endpoint)
    checkOutputs(request, (arm === undefined ? outputs : endpoint.outputs(arm)) ?? outputs)
    const sent = orderInputs(request, inputs)
    const features = encodeContext(endpoint.encoding, context)
    const patience = patienceOf(endpoint.settings, exact, {
      startedAt: c.get('request').startedAt,
      departure: departureOf(c),
    })
    const { steps } = endpoint
    const prediction = await predict({
      endpoint,
      inputs: steps === undefined ? sent : await runSteps(steps.run, sent, patience, deps.random),
      id: undefined,
      context,
      features,
      unit,
      ruling,
      inJson: outputsInJson(endpoint, request.outputs, binaryOutput),
      ...patience,
    })
    return inferenceResponse(c, { model: asked.name, request, binaryOutput, prediction })
  }

  /** @throws GatewayError not_ready, nothing_to_infer */
  function specsOf(endpoint: EndpointRuntime) {
    if (endpoint.pipeline !== undefined) throw notTensors(endpoint.name)
    const inputs = endpoint.inputs()
    const outputs = endpoint.outputs()
    if (inputs === undefined || outputs === undefined) throw notReady(endpoint, deps.random)
    return { inputs, outputs }
  }
}

/** The protocol has no id that an arm could be drawn from twice. */
function drawnAnew(): GatewayError {
  const detail =
    'parameters.exact goes with a version that is named: name one, or use POST /predict with an id'
  return new GatewayError('invalid_field', detail)
}

/** What its arms take and give are not what its callers send and are shown. */
function notTensors(name: string): GatewayError {
  const detail = `${name} has steps before or after its models, which this protocol has no words for: use POST /predict/${name}`
  return new GatewayError('nothing_to_infer', detail)
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
