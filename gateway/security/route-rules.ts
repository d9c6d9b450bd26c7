import type { Scope } from './keys/scopes.ts'

export interface RouteRule {
  /** `open` is for everybody. */
  readonly scope: Scope | 'open'
  /** The route holds keys that are bound to endpoints to them; elsewhere such keys are refused. */
  readonly isBound?: boolean
  /** It only looks, and may be asked by a browser with credentials that it adds by itself. */
  readonly isForBrowsers?: boolean
  /** Its answer has no end: the key is looked at again and again. */
  readonly isEndless?: boolean
}

const look: RouteRule = { scope: 'observe', isForBrowsers: true }

/** Every route of the gateway: one that is not here is refused to all as soon as there are keys. */
export const routeRules: Readonly<Record<string, RouteRule>> = {
  'POST /predict': { scope: 'predict', isBound: true },
  'POST /predict/:endpoint': { scope: 'predict', isBound: true },
  'POST /decide': { scope: 'predict', isBound: true },
  'POST /decide/:endpoint': { scope: 'predict', isBound: true },
  'POST /ofrep/v1/evaluate/flags/:endpoint': { scope: 'predict', isBound: true },
  'POST /feedback': { scope: 'feedback', isBound: true },
  'GET /endpoints': look,
  'GET /endpoints/:endpoint': look,
  'GET /endpoints/:endpoint/drift': look,
  'PUT /endpoints/:endpoint/arms/:arm': { scope: 'admin', isBound: true },
  'GET /v2': { scope: 'predict', isBound: true },
  'GET /v2/': { scope: 'predict', isBound: true },
  'GET /v2/health/live': { scope: 'open' },
  'GET /v2/health/ready': { scope: 'open' },
  'GET /v2/models': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint': { scope: 'predict', isBound: true },
  'GET /v2/models/stats': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/ready': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/stats': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/config': { scope: 'predict', isBound: true },
  'POST /v2/models/:endpoint/infer': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/versions/:arm': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/versions/:arm/ready': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/versions/:arm/stats': { scope: 'predict', isBound: true },
  'GET /v2/models/:endpoint/versions/:arm/config': { scope: 'predict', isBound: true },
  'POST /v2/models/:endpoint/versions/:arm/infer': { scope: 'predict', isBound: true },
  'POST /v2/repository/index': { scope: 'admin', isBound: true },
  'POST /v2/repository/models/:endpoint/load': { scope: 'admin', isBound: true },
  'POST /v2/repository/models/:endpoint/unload': { scope: 'admin', isBound: true },
  'GET /livez': { scope: 'open' },
  'GET /readyz': { scope: 'open' },
  'GET /metrics': { scope: 'metrics' },
  'GET /openapi.json': { scope: 'open' },
  'GET /console': look,
  'GET /console/': look,
  'GET /console/assets/:name': look,
  'GET /console/data': look,
  'GET /console/stream': { ...look, isEndless: true },
}
