import { changeArm } from '../controls/change-arm.ts'
import { armState } from '../controls/arm-state.ts'
import type { EndpointRuntime, Endpoints } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { invalid, isObject, type Fields } from '../http/fields.ts'
import { jsonResponse } from '../http/json-response.ts'
import { parseJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { createModels, unknownArm } from './find-model.ts'

const bodyLimit = 4096
const maxKeys = 20

type Handler = (this: void, c: AppContext) => Promise<Response>

/**
 * The model repository extension. To unload a version is to pause its arm, to load it is to resume it: the same word
 * of an operator as PUT /endpoints/{endpoint}/arms/{arm}, kept in the store and followed by every gateway.
 */
export function createRepositoryRoutes(endpoints: Endpoints): {
  readonly index: Handler
  readonly load: Handler
  readonly unload: Handler
} {
  const models = createModels(endpoints)

  function change(state: 'active' | 'paused'): Handler {
    return async (c) => {
      const { endpoint } = models.find(c)
      const parameters = parametersOf(await readFields(c))
      if ('config' in parameters || Object.keys(parameters).some((name) => name.startsWith('file:'))) {
        const detail = 'models come from the configuration: only parameters.version is taken'
        throw new GatewayError('invalid_field', detail)
      }
      const by = c.get('caller')?.name
      for (const arm of namedArms(endpoint, parameters['version'])) {
        const order = { arm, by, change: { state, minShare: undefined, maxShare: undefined } }
        await endpoint.controls.update((controls) => changeArm(endpoint.settings.arms, order, controls))
      }
      return jsonResponse(c, {})
    }
  }

  return {
    async index(c) {
      const isReadyOnly = (await readFields(c))['ready'] === true
      const all = [...models.visible(c).values()].flatMap(toIndex)
      return jsonResponse(c, isReadyOnly ? all.filter(({ state }) => state === 'READY') : all)
    },
    load: change('active'),
    unload: change('paused'),
  }
}

function toIndex(endpoint: EndpointRuntime) {
  return endpoint.settings.arms.map(({ name: version }) => {
    const state = armState(endpoint, version)
    const isReady = state === 'active'
    return {
      name: endpoint.name,
      version,
      state: isReady ? 'READY' : 'UNAVAILABLE',
      reason: isReady ? '' : state,
    }
  })
}

/** An empty body is as good as an empty object. */
async function readFields(c: AppContext): Promise<Fields> {
  const body = await readBody(c, bodyLimit)
  if (body.length === 0) return {}
  const { value } = parseJson(body, { maxKeys })
  if (isObject(value)) return value
  throw invalid('', 'expected an object', value)
}

function parametersOf({ parameters = {} }: { readonly parameters?: unknown }): Fields {
  if (isObject(parameters)) return parameters
  throw invalid('/parameters', 'expected an object', parameters)
}

function namedArms(endpoint: EndpointRuntime, version: unknown): readonly string[] {
  if (version === undefined) return [...endpoint.arms.keys()]
  if (typeof version === 'string' && endpoint.arms.has(version)) return [version]
  throw unknownArm(endpoint)
}
