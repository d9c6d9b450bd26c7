import type { RewardShareConfig } from '../../config/access/auth-config.ts'
import type { Caller } from '../keys/caller.ts'
import { createHourlyCounts, type HourlyCounts } from './hourly-counts.ts'

/** Holds each key to a share of the rewards that an endpoint learns within an hour, in this process. */
export interface RewardShares {
  /** Takes room for one reward; undefined where the key has had its share. */
  take(caller: Caller, endpoint: string): Room | undefined
}

export interface Room {
  /** Nothing was learned after all. */
  giveBack(): void
}

export interface RewardSharesDeps {
  readonly config: RewardShareConfig
  /** Milliseconds of a clock that never steps. */
  readonly monotonic: () => number
}

/** One for all keys that are held to no share: whether any of them teaches is all that is asked. */
const unheld = ' '

/**
 * Room is taken before a reward is learned, so that a batch cannot pass the check before any of it counts. Until an
 * endpoint has had some rewards, from two keys at least, everybody is free: there is nothing yet to be a share of.
 *
 * Shares are of what is learned, so few keys could all be beyond theirs, and none could teach again. Where nobody is
 * free of it, who has taught no more than the average therefore goes on: of three keys, each then has a third.
 */
export function createRewardShares({ config, monotonic }: RewardSharesDeps): RewardShares {
  const endpoints = new Map<string, HourlyCounts>()
  const { most, after } = config

  function countsOf(endpoint: string): HourlyCounts {
    const counts = endpoints.get(endpoint) ?? createHourlyCounts(monotonic)
    endpoints.set(endpoint, counts)
    counts.advance()
    return counts
  }

  function isBeyond(counts: HourlyCounts, name: string, share: number): boolean {
    const own = counts.of(name)
    const total = counts.total()
    if (total < after || own === total || own + 1 <= share * (total + 1)) return false
    const keys = counts.names() + (own === 0 ? 1 : 0)
    return counts.of(unheld) > 0 || own * keys > total
  }

  return {
    take({ name, rewardShare = most }, endpoint) {
      const counts = countsOf(endpoint)
      const isHeld = rewardShare < 1
      if (isHeld && isBeyond(counts, name, rewardShare)) return undefined
      return { giveBack: counts.add(isHeld ? name : unheld) }
    },
  }
}
