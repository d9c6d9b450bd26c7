import type { Logger } from 'pino'
import type { AuthConfig, TokenConfig } from '../config/access/auth-config.ts'
import type { Identify } from './authorise.ts'
import { identifyByKey } from './keys/identify-by-key.ts'
import { identifyByToken } from './keys/identify-by-token.ts'
import { isToken } from './keys/credentials.ts'
import { createKeySet } from './keys/key-set.ts'
import { createKeyRing } from './keys/key-ring.ts'
import { openKeysFile } from './keys/keys-file.ts'
import { createLimits, type Limits } from './limits/limits.ts'
import { createRewardShares, type RewardShares } from './limits/reward-shares.ts'
import { createOutbound } from './outbound/outbound.ts'
import type { OutboundPolicy } from './outbound/outbound-policy.ts'

/** What a gateway with keys asks of its requests. */
export interface Access {
  readonly identify: Identify
  readonly limits: Limits
  /** Absent where keys are not held to a share of the rewards. */
  readonly rewardShares?: RewardShares | undefined
  /** Sees to what changes outside: to be called every few seconds. Never rejects. */
  readonly look: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface AccessDeps {
  readonly config: AuthConfig
  readonly endpoints: readonly string[]
  /** Whom tokens' keys may be fetched from. */
  readonly outbound: OutboundPolicy
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Milliseconds of a clock that never steps. */
  readonly monotonic: () => number
}

/** @throws StartFault when there is a file of keys that cannot be used */
export async function openAccess(deps: AccessDeps): Promise<Access> {
  const { config, endpoints, logger, monotonic } = deps
  const fixed = createKeyRing(config.keys)
  const file =
    config.keysFile === undefined
      ? undefined
      : await openKeysFile({ path: config.keysFile, others: config.keys, endpoints, logger })
  const byKey = identifyByKey(() => file?.ring() ?? fixed)
  const tokens = config.jwt && acceptTokens(config.jwt, deps)
  return {
    identify: (secret) => (tokens !== undefined && isToken(secret) ? tokens.identify(secret) : byKey(secret)),
    limits: createLimits(monotonic),
    rewardShares: config.rewardShare && createRewardShares({ config: config.rewardShare, monotonic }),
    look: async () => file?.look(),
    close: async () => tokens?.close(),
  }
}

function acceptTokens(config: TokenConfig, { outbound: policy, clock, logger, monotonic }: AccessDeps) {
  const outbound = createOutbound({ policy })
  const keySet = createKeySet({ url: config.jwksUrl, outbound, logger, monotonic })
  return { identify: identifyByToken({ config, keySet, clock }), close: () => outbound.close() }
}
