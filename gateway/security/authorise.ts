import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { GatewayError } from '../errors.ts'
import { remoteAddress } from '../http/remote-address.ts'
import type { AppContext, AppEnv } from '../http/request-info.ts'
import type { AccessMetrics } from '../telemetry/metrics/access-metrics.ts'
import type { Caller } from './keys/caller.ts'
import { readCredentials } from './keys/credentials.ts'
import type { Limits } from './limits/limits.ts'
import type { Mistakes } from './limits/mistakes.ts'
import { routeRules, type RouteRule } from './route-rules.ts'
import { allows, type Scope } from './keys/scopes.ts'

/** Says whose a secret is; a GatewayError `unauthenticated` where it is nobody's. */
export type Identify = (secret: string) => Caller | Promise<Caller>

export interface AuthoriseDeps {
  readonly identify: Identify
  readonly limits: Limits
  readonly mistakes: Pick<Mistakes, 'badKey'>
  readonly metrics: AccessMetrics
}

/** Lets nobody through but those whose key is for the route. Routes without a rule are for nobody. */
export function authorise({ identify, limits, mistakes, metrics }: AuthoriseDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const route = matchedRoutes(c).at(-1)
    // Middleware alone matches: there is nothing at this path. Who has no key is not told even that.
    const isNowhere = route === undefined || route.method === 'ALL'
    const rule = isNowhere ? undefined : routeRules[`${route.method} ${route.path}`]
    if (rule?.scope === 'open') return next()
    const caller = await authenticate(c, rule)
    try {
      if (!isNowhere) limits.demand(caller, demandScope(caller, rule))
    } catch (error) {
      metrics.asked(caller.label, (error as GatewayError).code === 'forbidden' ? 'forbidden' : 'limited')
      throw error
    }
    metrics.asked(caller.label, 'allowed')
    c.set('caller', caller)
    if (rule?.isEndless === true) c.set('isStillAllowed', () => isAllowed(secretOf(c, rule), rule))
    return next()
  }

  async function isAllowed(secret: string, rule: RouteRule): Promise<boolean> {
    try {
      demandScope(await identify(secret), rule)
      return true
    } catch {
      return false
    }
  }

  async function authenticate(c: AppContext, rule: RouteRule | undefined): Promise<Caller> {
    try {
      const secret = secretOf(c, rule)
      try {
        return await identify(secret)
      } catch (error) {
        throw isUnauthenticated(error) ? (mistakes.badKey(remoteAddress(c)) ?? error) : error
      }
    } catch (error) {
      metrics.asked('', isUnauthenticated(error) ? 'unauthenticated' : 'limited')
      throw error
    }
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

/** @throws GatewayError forbidden */
function demandScope(caller: Caller, rule: RouteRule | undefined): Scope {
  if (rule === undefined || rule.scope === 'open') throw new GatewayError('forbidden', 'no key is for this')
  if (!allows(caller.scopes, rule.scope)) {
    const detail = `the key ${caller.name} is not for this: use one with the scope ${rule.scope}`
    throw new GatewayError('forbidden', detail)
  }
  if (caller.endpoints !== undefined && rule.isBound !== true) {
    const detail = `the key ${caller.name} is bound to endpoints, and this concerns all: use one that is not`
    throw new GatewayError('forbidden', detail)
  }
  return rule.scope
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'unauthenticated'
}

export function unauthenticated(detail: string, inBrowser = false): GatewayError {
  const challenge = inBrowser ? 'Bearer, Basic realm="bandit-gateway"' : 'Bearer'
  return new GatewayError('unauthenticated', detail, { headers: { 'www-authenticate': challenge } })
}
