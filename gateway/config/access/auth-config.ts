import type { Scope } from '../../security/keys/scopes.ts'
import type { Rate } from '../../security/limits/token-buckets.ts'

/** Who may do what. */
export interface AuthConfig {
  readonly keys: readonly KeyConfig[]
  /** Path of a file with more of them, which is read again when it changes. */
  readonly keysFile?: string
  /** Absent = tokens are not taken. */
  readonly jwt?: TokenConfig
  /** Absent = keys are not held to a share. */
  readonly rewardShare?: RewardShareConfig
}

/** How much of what an endpoint learns within an hour may come from one key, in one gateway process. */
export interface RewardShareConfig {
  readonly most: number
  /** Rewards within the hour before anybody is held to it. */
  readonly after: number
}

/** JSON Web Tokens: whose are taken, and what their claims mean here. */
export interface TokenConfig {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
  /** Asymmetric ones only. */
  readonly algorithms: readonly string[]
  /** Claim with a list of scopes, or words with spaces between them. */
  readonly scopesClaim: string
  /** What stands before a scope there. */
  readonly scopesPrefix: string
  /** Claim that names the endpoints which a token is for; absent = all tokens are for every endpoint. */
  readonly endpointsClaim?: string | undefined
  /** Claim with the name of the tenant whose caller it is; absent = tokens are of none. */
  readonly tenantClaim?: string | undefined
  readonly clockToleranceMs: number
  readonly rates: KeyConfig['rates']
}

export interface KeyConfig {
  readonly name: string
  /** Of the key's text, 64 hex digits. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
  /** Absent = every endpoint. */
  readonly endpoints?: readonly string[] | undefined
  /** Whose predictions and ids it is for; absent = everybody's. */
  readonly tenant?: string | undefined
  /** Other than what all keys may teach; 1 is held to none. */
  readonly rewardShare?: number | undefined
  /** In one gateway process. */
  readonly rates: { readonly predict?: Rate | undefined; readonly feedback?: Rate | undefined }
}
