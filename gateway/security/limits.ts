import { GatewayError } from '../errors.ts'
import type { Caller } from './caller.ts'
import type { Scope } from './scopes.ts'
import { createTokenBuckets, type Rate } from './token-buckets.ts'

/** What each caller may do how often, in this process. */
export interface Limits {
  /** One request. @throws GatewayError rate_limited */
  demand(caller: Caller, scope: Scope): void
  /** More came with a request than one: it is let through, and what comes next waits for it. */
  owe(caller: Caller, scope: Scope, more: number): void
  /** The caller sent an id that nobody was given. Something else is told to who does so again and again. */
  forged(caller: Caller): GatewayError | undefined
  /** The same for keys, by where they come from. */
  badKey(address: string): GatewayError | undefined
}

/** Slips happen; who tries ids or keys through gets no more than this many verdicts. */
const mistakes: Rate = { perSecond: 20 / 60, burst: 20 }

export function createLimits(monotonic: () => number): Limits {
  const buckets = createTokenBuckets(monotonic)

  function mistake(owner: string, what: string): GatewayError | undefined {
    const waitMs = buckets.take(owner, mistakes)
    return waitMs > 0 ? limited(`too many ${what}: check where they come from, and wait`, waitMs) : undefined
  }

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
    forged: ({ name }) => mistake(`forged ${name}`, 'prediction ids that were not issued here'),
    badKey: (address) => mistake(`address ${address}`, 'keys that are not known here'),
  }
}

function limited(detail: string, waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1000)
  return new GatewayError('rate_limited', detail, { headers: { 'retry-after': String(seconds) } })
}
