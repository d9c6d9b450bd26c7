import type { RewardShareConfig } from '../config/auth-config.ts'
import type { Caller } from './caller.ts'

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

const sliceMs = 300_000
const slices = 12

/** Rewards by key within one slice of time. */
type Slice = Map<string, number>

/**
 * Room is taken before a reward is learned, so that a batch cannot pass the check before any of it counts. Until an
 * endpoint has had some rewards, from two keys at least, everybody is free: there is nothing yet to be a share of.
 */
export function createRewardShares({ config, monotonic }: RewardSharesDeps): RewardShares {
  const endpoints = new Map<string, Map<number, Slice>>()
  const { most, after } = config

  return {
    take({ name }, endpoint) {
      const now = Math.floor(monotonic() / sliceMs)
      const recent = sinceAnHour(endpoint, now)
      const { own, total, keys } = sum(recent, name)
      if (total >= after && keys > (own > 0 ? 1 : 0) && own + 1 > most * (total + 1)) return undefined
      const slice = recent.get(now) ?? new Map<string, number>()
      recent.set(now, slice.set(name, (slice.get(name) ?? 0) + 1))
      return { giveBack: () => void slice.set(name, slice.get(name)! - 1) }
    },
  }

  function sinceAnHour(endpoint: string, now: number): Map<number, Slice> {
    const all = endpoints.get(endpoint) ?? new Map<number, Slice>()
    for (const at of all.keys()) if (at <= now - slices) all.delete(at)
    endpoints.set(endpoint, all)
    return all
  }
}

function sum(recent: Map<number, Slice>, name: string): { own: number; total: number; keys: number } {
  const keys = new Set<string>()
  let own = 0
  let total = 0
  for (const slice of recent.values()) {
    for (const [key, count] of slice) {
      total += count
      if (key === name) own += count
      if (count > 0) keys.add(key)
    }
  }
  return { own, total, keys: keys.size }
}
