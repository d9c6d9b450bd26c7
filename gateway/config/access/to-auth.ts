import { resolve } from 'node:path'
import type { Rate } from '../../security/limits/token-buckets.ts'
import type { AuthConfig, KeyConfig, TokenConfig } from './auth-config.ts'
import type { AuthInput, KeyInput, TokenInput } from './auth-schema.ts'

/** Paths start from `folder`. */
export function toAuth(
  { off, keys, keys_file, jwt, reward_share: rewardShare }: AuthInput,
  folder: string,
): AuthConfig | 'off' {
  if (off === true) return 'off'
  return {
    keys: keys.map(toKey),
    ...(keys_file !== undefined && { keysFile: resolve(folder, keys_file) }),
    ...(jwt && { jwt: toTokens(jwt) }),
    ...(rewardShare && { rewardShare }),
  }
}

export function toKey({ rate, reward_share: rewardShare, ...key }: KeyInput): KeyConfig {
  return { ...key, ...(rewardShare !== undefined && { rewardShare }), rates: toRates(rate) }
}

function toTokens(input: TokenInput): TokenConfig {
  const { issuer, audience, algorithms } = input
  return {
    issuer,
    audience,
    algorithms,
    jwksUrl: input.jwks_url,
    scopesClaim: input.scopes_claim,
    scopesPrefix: input.scopes_prefix,
    endpointsClaim: input.endpoints_claim,
    tenantClaim: input.tenant_claim,
    clockToleranceMs: input.clock_tolerance,
    rates: toRates(input.rate),
  }
}

function toRates({ predict, feedback }: KeyInput['rate']): KeyConfig['rates'] {
  return { predict: predict && toRate(predict), feedback: toRate(feedback) }
}

function toRate({ per_second: perSecond, burst }: KeyInput['rate']['feedback']): Rate {
  return { perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) }
}
