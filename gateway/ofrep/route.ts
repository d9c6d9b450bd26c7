import type { DecideRouteDeps } from '../decide/route.ts'
import { createDecide } from '../decide/decide.ts'
import { toGatewayError } from '../errors.ts'
import { bodyFormat } from '../http/content-type.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { encodeContext } from '../predict/encode-context.ts'
import { chooseEndpoint } from '../predict/request.ts'
import { rulingOn } from '../rules/ruling-on.ts'
import { createVisibleEndpoints } from '../security/visible-endpoints.ts'
import { declaredOf, parseEvaluation } from './request.ts'
import { toEvaluationBody, toEvaluationFailure } from './response.ts'

const maxKeys = 1000

/** POST /ofrep/v1/evaluate/flags/{endpoint}: OpenFeature's remote evaluation protocol, a flag being an endpoint. */
export function createEvaluateRoute(deps: DecideRouteDeps): (c: AppContext) => Promise<Response> {
  const decide = createDecide(deps)
  const visibleTo = createVisibleEndpoints(deps.endpoints)

  return async (c) => {
    const flag = c.req.param('endpoint')!
    try {
      return jsonResponse(c, toEvaluationBody(flag, await evaluate(c, flag)))
    } catch (thrown) {
      const failure = toEvaluationFailure(flag, toGatewayError(thrown))
      if (failure === undefined) throw thrown
      return jsonResponse(c, failure.body, failure.status)
    }
  }

  async function evaluate(c: AppContext, flag: string): ReturnType<typeof decide> {
    bodyFormat(c, ['json'])
    const { value } = parseJson(await readBody(c, deps.bodyLimit), { maxKeys })
    const { unit, context: offered } = parseEvaluation(value)
    const asked = chooseEndpoint(visibleTo(c.get('caller')), flag, undefined)
    const ruling = rulingOn(asked, c, { unit, context: offered })
    const endpoint = ruling?.kind === 'endpoint' ? deps.endpoints.get(ruling.endpoint)! : asked
    const context = declaredOf(offered, endpoint.settings.context)
    const features = encodeContext(endpoint.encoding, context)
    const tenant = c.get('caller')?.tenant
    return decide({ endpoint, id: undefined, tenant, context, features, unit, ruling })
  }
}
