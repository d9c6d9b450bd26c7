import type { EndpointRuntime, Endpoints } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import type { AppContext } from '../http/request-info.ts'
import { createVisibleEndpoints } from '../security/visible-endpoints.ts'

/** What a path of the protocol names: an endpoint is a model, its arms are the versions of it. */
export interface Model {
  readonly endpoint: EndpointRuntime
  /** Absent = the policy chooses. */
  readonly arm: string | undefined
}

export interface Models {
  visible(this: void, c: AppContext): Endpoints
  /** @throws GatewayError unknown_endpoint, unknown_arm */
  find(this: void, c: AppContext): Model
}

export function createModels(endpoints: Endpoints): Models {
  const visibleTo = createVisibleEndpoints(endpoints)
  const visible = (c: AppContext): Endpoints => visibleTo(c.get('caller'))
  return {
    visible,
    find(c) {
      const endpoint = visible(c).get(c.req.param('endpoint') ?? '')
      if (endpoint === undefined) {
        throw new GatewayError(
          'unknown_endpoint',
          'there is no such model: GET /v2/models lists those there are',
        )
      }
      const arm = c.req.param('arm')
      if (arm === undefined || endpoint.arms.has(arm)) return { endpoint, arm }
      throw unknownArm(endpoint)
    },
  }
}

export function unknownArm({ name, arms }: EndpointRuntime): GatewayError {
  const versions = [...arms.keys()].join(', ')
  return new GatewayError('unknown_arm', `${name} has the versions ${versions}: name one of them, or none`)
}
