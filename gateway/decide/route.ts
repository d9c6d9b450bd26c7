import type { Endpoints } from '../endpoint-runtime.ts'
import { bodyFormat } from '../http/content-type.ts'
import { parseFields } from '../http/fields.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { toDecisionBody } from '../predict/response.ts'
import { encodeContext } from '../predict/encode-context.ts'
import { askingFields, chooseEndpoint, parseAsking } from '../predict/request.ts'
import { rulingOn } from '../rules/ruling-on.ts'
import { createVisibleEndpoints } from '../security/visible-endpoints.ts'
import { createDecide, type Decided, type DecideDeps } from './decide.ts'

export interface DecideRouteDeps extends DecideDeps {
  readonly endpoints: Endpoints
  readonly bodyLimit: number
}

const known = new Set(askingFields)
const maxKeys = 1000

/** POST /decide and POST /decide/{endpoint} */
export function createDecideRoute(deps: DecideRouteDeps): (c: AppContext) => Promise<Response> {
  const decide = createDecide(deps)
  const visibleTo = createVisibleEndpoints(deps.endpoints)

  return async (c) => {
    bodyFormat(c, ['json'])
    const { value } = parseJson(await readBody(c, deps.bodyLimit), { maxKeys })
    const asking = parseAsking(parseFields(value, known))
    const asked = chooseEndpoint(visibleTo(c.get('caller')), c.req.param('endpoint'), asking.endpoint)
    const ruling = rulingOn(asked, c, asking)
    const endpoint = ruling?.kind === 'endpoint' ? deps.endpoints.get(ruling.endpoint)! : asked
    const { id, context, unit } = asking
    const features = encodeContext(endpoint.encoding, context)
    const tenant = c.get('caller')?.tenant
    return jsonResponse(c, toBody(await decide({ endpoint, id, tenant, context, features, unit, ruling })))
  }
}

function toBody(decided: Decided): object {
  const { predictionId, decision, value } = decided
  return {
    prediction_id: predictionId,
    endpoint: decision.endpoint,
    arm: decision.arm,
    ...(value !== undefined && { value }),
    decision: toDecisionBody(decided),
  }
}
