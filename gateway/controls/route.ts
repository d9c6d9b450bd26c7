import type { Endpoints, WorkerView } from '../endpoint-runtime.ts'
import { toArmBody } from '../endpoints/view.ts'
import { GatewayError } from '../errors.ts'
import { bodyFormat } from '../http/content-type.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { changeArm } from './change-arm.ts'
import { createVisibleEndpoints } from '../security/visible-endpoints.ts'
import { parseChange } from './parse-change.ts'

export interface ArmRouteDeps {
  readonly endpoints: Endpoints
  readonly workers: () => readonly WorkerView[]
}

const bodyLimit = 4096
const maxKeys = 10

/** PUT /endpoints/{endpoint}/arms/{arm} */
export function createArmRoute({ endpoints, workers }: ArmRouteDeps): (c: AppContext) => Promise<Response> {
  const visible = createVisibleEndpoints(endpoints)

  return async (c) => {
    bodyFormat(c, ['json'])
    const { value } = parseJson(await readBody(c, bodyLimit), { maxKeys })
    const endpoint = visible(c.get('caller')).get(c.req.param('endpoint') ?? '')
    if (endpoint === undefined)
      throw new GatewayError('unknown_endpoint', 'GET /endpoints lists those there are')
    const arm = endpoint.settings.arms.find(({ name }) => name === c.req.param('arm'))
    if (arm === undefined) {
      const names = endpoint.settings.arms.map(({ name }) => name).join(', ')
      throw new GatewayError('unknown_arm', `${endpoint.name} has the arms ${names}: take one of them`)
    }
    const order = { arm: arm.name, change: parseChange(value), by: c.get('caller')?.name }
    await endpoint.controls.update((controls) => changeArm(endpoint.settings.arms, order, controls))
    return jsonResponse(c, toArmBody(endpoint, arm, workers()))
  }
}
