import type { Endpoints } from '../endpoint-runtime.ts'
import { bodyFormat } from '../http/content-type.ts'
import { departureOf } from '../http/departure.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { rulingOn } from '../rules/ruling-on.ts'
import { createVisibleEndpoints } from '../security/visible-endpoints.ts'
import { encodeContext } from './encode-context.ts'
import { parseInputs } from './inputs.ts'
import { patienceOf } from './exact.ts'
import { prepare } from './prepare.ts'
import { createPredict, type PredictDeps } from './predict.ts'
import { notReady } from './refusals.ts'
import { chooseEndpoint, parsePredictRequest } from './request.ts'
import { toPredictBody } from './response.ts'

export interface PredictRouteDeps extends PredictDeps {
  readonly endpoints: Endpoints
  readonly bodyLimit: number
}

/** Keys outside tensors, which have none. */
const maxKeys = 1000

/** POST /predict and POST /predict/{endpoint} */
export function createPredictRoute(deps: PredictRouteDeps): (c: AppContext) => Promise<Response> {
  const predict = createPredict(deps)
  const visibleTo = createVisibleEndpoints(deps.endpoints)

  return async (c) => {
    bodyFormat(c, ['json'])
    const body = parseJson(await readBody(c, deps.bodyLimit), { maxKeys })
    const request = parsePredictRequest(body)
    const asked = chooseEndpoint(visibleTo(c.get('caller')), c.req.param('endpoint'), request.endpoint)
    const ruling = rulingOn(asked, c, request)
    const endpoint = ruling?.kind === 'endpoint' ? deps.endpoints.get(ruling.endpoint)! : asked
    const specs = endpoint.inputs()
    if (specs === undefined) throw notReady(endpoint, deps.random)
    const before = endpoint.pipeline?.before
    const prepared = before && (await prepare(before, endpoint, request.inputs, specs))
    const prediction = await predict({
      endpoint,
      inputs: prepared?.inputs ?? parseInputs(request, specs),
      table: prepared?.table,
      id: request.id,
      tenant: c.get('caller')?.tenant,
      context: request.context,
      features: encodeContext(endpoint.encoding, request.context),
      unit: request.unit,
      ruling,
      ...patienceOf(endpoint.settings, request.isExact, {
        startedAt: c.get('request').startedAt,
        departure: departureOf(c),
      }),
    })
    return jsonResponse(c, toPredictBody(prediction, prepared?.features))
  }
}
