import type { Logger } from 'pino'
import type { ConnectionGuard } from '../../../bandit/index.ts'
import { createGuardedLookup, OutboundRefused, type LookUpAll } from './guarded-lookup.ts'
import { createOutboundJudge, type OutboundJudge, type OutboundPolicy } from './outbound-policy.ts'

export interface RedisGuardDeps {
  readonly policy: OutboundPolicy
  readonly logger: Pick<Logger, 'warn'>
  readonly lookup?: LookUpAll
}

/** Holds the connections of a client of Redis to whom the gateway may call, those to servers that others name too. */
export function createRedisGuard({ policy, logger, lookup }: RedisGuardDeps): ConnectionGuard {
  const judge = telling(createOutboundJudge(policy), logger)
  const lookupFor = createGuardedLookup(judge, lookup)

  return ({ host, port }) => {
    const target = { hostname: host, protocol: 'redis:', port: String(port) }
    const refusal = judge.ofUrl(target)
    if (refusal !== undefined) throw new OutboundRefused(refusal)
    return lookupFor(target)
  }
}

/** Says each refusal once: the client tries again for ever, and knows only that it has no connection. */
function telling(judge: OutboundJudge, logger: Pick<Logger, 'warn'>): OutboundJudge {
  const told = new Set<string>()
  function tell(reason: string | undefined): string | undefined {
    if (reason === undefined || told.has(reason)) return reason
    told.add(reason)
    logger.warn({ reason }, 'a connection to Redis is not made')
    return reason
  }
  return {
    ofUrl: (url) => tell(judge.ofUrl(url)),
    ofAddress: (target, address) => tell(judge.ofAddress(target, address)),
  }
}
