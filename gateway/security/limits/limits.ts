import { GatewayError } from '../../errors.ts'
import type { Caller } from '../keys/caller.ts'
import type { Scope } from '../keys/scopes.ts'
import { createTokenBuckets } from './token-buckets.ts'

/** What each caller may do how often, in this process. */
export interface Limits {
  /** One request. @throws GatewayError rate_limited */
  demand(caller: Caller, scope: Scope): void
  /** More came with a request than one: it is let through, and what comes next waits for it. */
  owe(caller: Caller, scope: Scope, more: number): void
}

export function createLimits(monotonic: () => number): Limits {
  const buckets = createTokenBuckets(monotonic)

  return {
    demand({ name, rates }, scope) {
      const rate = rates?.[scope]
      if (rate === undefined) return
      const waitMs = buckets.take(`${scope} ${name}`, rate)
      if (waitMs === 0) return
      const detail = `the key ${name} is for ${rate.perSecond} a second and ${rate.burst} at once of ${scope}: send it again after Retry-After seconds`
      throw limited(detail, waitMs)
    },
    owe({ name, rates }, scope, more) {
      const rate = rates?.[scope]
      if (rate !== undefined && more > 0) buckets.take(`${scope} ${name}`, rate, more)
    },
  }
}

/** @param waitMs until it would be taken */
export function limited(detail: string, waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1000)
  return new GatewayError('rate_limited', detail, { headers: { 'retry-after': String(seconds) } })
}
