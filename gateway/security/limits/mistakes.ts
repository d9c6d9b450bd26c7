import type { GatewayError } from '../../errors.ts'
import { networkOf } from '../outbound/addresses.ts'
import type { Caller } from '../keys/caller.ts'
import { limited } from './limits.ts'
import { createTokenBuckets, type Rate } from './token-buckets.ts'

/** What is told to those who send again and again what nobody was given; undefined as long as it is not too often. */
export interface Mistakes {
  /** An id, of a caller where there are keys, else from an address. */
  forgedId(this: void, caller: Caller | undefined, address: string): GatewayError | undefined
  badKey(this: void, address: string): GatewayError | undefined
}

/** Slips happen; who tries ids or keys through gets no more than this many verdicts. What is sound goes on. */
const verdicts: Rate = { perSecond: 20 / 60, burst: 20 }

export function createMistakes(monotonic: () => number): Mistakes {
  const buckets = createTokenBuckets(monotonic)

  function mistake(owner: string, what: string): GatewayError | undefined {
    const waitMs = buckets.take(owner, verdicts)
    return waitMs > 0 ? limited(`too many ${what}: check where they come from, and wait`, waitMs) : undefined
  }

  return {
    forgedId: (caller, address) =>
      mistake(
        caller === undefined ? `ids from ${networkOf(address)}` : `ids of ${caller.name}`,
        'prediction ids that were not issued here',
      ),
    badKey: (address) => mistake(`keys from ${networkOf(address)}`, 'keys that are not known here'),
  }
}
