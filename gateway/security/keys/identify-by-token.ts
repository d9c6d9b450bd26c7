import { hash } from 'node:crypto'
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import type { TokenConfig } from '../../config/access/auth-config.ts'
import { GatewayError } from '../../errors.ts'
import { unauthenticated, type Identify } from '../authorise.ts'
import type { Caller } from './caller.ts'
import type { KeySet } from './key-set.ts'
import { scopeNames, type Scope } from './scopes.ts'

export interface IdentifyByTokenDeps {
  readonly config: TokenConfig
  readonly keySet: KeySet
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** A verdict is kept no longer than this, so that a key which its issuer withdraws is soon worth nothing. */
const keptMs = 60_000
const keptAtMost = 10_000

/**
 * Callers by JSON Web Tokens (RFC 7519, and 8725 for what has to be checked): the algorithm is one of those that are
 * configured, whatever the token says of itself; issuer, audience and expiry have to be there and right.
 */
export function identifyByToken({ config, keySet, clock }: IdentifyByTokenDeps): Identify {
  const known = new Map<string, { readonly caller: Caller; readonly until: number }>()
  const options = {
    issuer: config.issuer,
    audience: config.audience,
    algorithms: [...config.algorithms],
    clockTolerance: config.clockToleranceMs / 1000,
    requiredClaims: [
      'exp',
      'sub',
      config.scopesClaim,
      ...(config.tenantClaim === undefined ? [] : [config.tenantClaim]),
    ],
  }

  /** Which key is meant is never guessed, also where an issuer has one: it will have two when it changes it. */
  const keyFor: JWTVerifyGetKey = (header, whole) => {
    if (typeof header.kid === 'string' && header.kid !== '') return keySet.keyFor(header, whole)
    throw unauthenticated(
      'the token does not say by which key it is signed: have its issuer put the kid of that key into its header',
    )
  }

  return async (token) => {
    const digest = hash('sha256', token, 'base64')
    const now = clock()
    const entry = known.get(digest)
    if (entry !== undefined && now < entry.until) return entry.caller
    const { caller, expiresAt } = await verify(token, now)
    known.delete(digest)
    known.set(digest, { caller, until: Math.min(now + keptMs, expiresAt) })
    if (known.size > keptAtMost) known.delete(known.keys().next().value!)
    return caller
  }

  async function verify(token: string, now: number): Promise<{ caller: Caller; expiresAt: number }> {
    try {
      const { payload } = await jwtVerify(token, keyFor, { ...options, currentDate: new Date(now) })
      return { caller: toCaller(payload, config), expiresAt: payload.exp! * 1000 + config.clockToleranceMs }
    } catch (error) {
      if (error instanceof GatewayError) throw error
      const detail = describe(error)
      if (detail !== undefined) throw unauthenticated(detail)
      // Nothing is known that the signature could be checked with.
      if (!keySet.isKnown()) throw unavailable(error)
      throw unauthenticated('the token is signed by a key that is not known here: get a new one')
    }
  }
}

function toCaller(payload: JWTPayload, config: TokenConfig): Caller {
  const scopes = wordsOf(payload[config.scopesClaim])
    .filter((word) => word.startsWith(config.scopesPrefix))
    .map((word) => word.slice(config.scopesPrefix.length))
    .filter((word): word is Scope => scopeNames.some((scope) => scope === word))
  const { endpointsClaim, tenantClaim } = config
  return {
    name: `token:${payload.sub!.slice(0, 64)}`,
    label: 'token',
    scopes: new Set(scopes),
    ...(endpointsClaim !== undefined && { endpoints: new Set(wordsOf(payload[endpointsClaim])) }),
    ...(tenantClaim !== undefined && { tenant: tenantOf(payload[tenantClaim]) }),
    rates: config.rates,
  }
}

/** Demanded to be there; a list or a number is nobody's name. */
function tenantOf(claim: unknown): string {
  if (typeof claim === 'string' && claim !== '') return claim
  throw unauthenticated('the token is not for this gateway: its claim of a tenant is no text')
}

/** A list, or words with spaces between them as in RFC 8693. */
function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ')
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : []
}

/** What is wrong with the token itself; undefined where it was its issuer who could not be asked. */
function describe(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'the token has expired: get a new one'
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token is not for this gateway: its claim ${error.claim} is missing or wrong`
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'the token is signed in a way that is not taken here: use one of the configured algorithms'
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the signature of the token is wrong: send it exactly as it was issued'
  const isMalformed = error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid
  if (isMalformed) return 'this is not a whole token: send it exactly as it was issued'
  return undefined
}

function unavailable(cause: unknown): GatewayError {
  const detail = 'the keys of the issuer cannot be fetched now: send it again after Retry-After seconds'
  return new GatewayError('issuer_unavailable', detail, { headers: { 'retry-after': '5' }, cause })
}
