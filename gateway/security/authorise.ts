import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { GatewayError } from '../errors.ts'
import type { AppContext, AppEnv } from '../http/request-info.ts'
import type { Caller } from './caller.ts'
import { readCredentials } from './credentials.ts'
import { routeRules, type RouteRule } from './route-rules.ts'
import { allows } from './scopes.ts'

/** Says who a key belongs to; a GatewayError says why it is nobody's. */
export type Identify = (secret: string) => Caller | Promise<Caller>

export interface AuthoriseDeps {
  readonly identify: Identify
  /** A request of this caller was let through, or refused for its scope. */
  readonly told?: (caller: string, outcome: 'allowed' | 'forbidden') => void
}

/** Lets nobody through but those whose key is for the route. Routes without a rule are for nobody. */
export function authorise({ identify, told }: AuthoriseDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const route = matchedRoutes(c).at(-1)
    // Middleware alone matches: there is nothing at this path. Who has no key is not told even that.
    const isNowhere = route === undefined || route.method === 'ALL'
    const rule = isNowhere ? undefined : routeRules[`${route.method} ${route.path}`]
    if (rule?.scope === 'open') return next()
    const caller = await identify(secretOf(c, rule))
    if (!isNowhere) {
      try {
        demandRule(caller, rule)
      } catch (error) {
        told?.(caller.name, 'forbidden')
        throw error
      }
    }
    told?.(caller.name, 'allowed')
    c.set('caller', caller)
    return next()
  }
}

function secretOf(c: AppContext, rule: RouteRule | undefined): string {
  const given = readCredentials(c)
  if (given !== undefined && (!given.isAmbient || rule?.isForBrowsers === true)) return given.secret
  throw unauthenticated(
    given === undefined
      ? 'send a key as Authorization: Bearer <key> or as X-Api-Key: <key>'
      : 'Basic is for looking in a browser: send the key as Authorization: Bearer <key>',
    rule?.isForBrowsers === true,
  )
}

function demandRule(caller: Caller, rule: RouteRule | undefined): void {
  if (rule === undefined || rule.scope === 'open') throw new GatewayError('forbidden', 'no key is for this')
  if (!allows(caller.scopes, rule.scope)) {
    const detail = `the key ${caller.name} is not for this: use one with the scope ${rule.scope}`
    throw new GatewayError('forbidden', detail)
  }
  if (caller.endpoints !== undefined && rule.isBound !== true) {
    const detail = `the key ${caller.name} is bound to endpoints, and this concerns all: use one that is not`
    throw new GatewayError('forbidden', detail)
  }
}

export function unauthenticated(detail: string, inBrowser = false): GatewayError {
  const challenge = inBrowser ? 'Bearer, Basic realm="bandit-gateway"' : 'Bearer'
  return new GatewayError('unauthenticated', detail, { headers: { 'www-authenticate': challenge } })
}
