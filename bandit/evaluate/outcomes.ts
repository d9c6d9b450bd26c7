import { bucketOf } from '../buckets.ts'
import { graceMs } from '../rewards/sweep.ts'
import type { History, LoggedDecision } from './history.ts'

/** When a decision's reward can change no more and, if it has none, its default is learned. */
export function closesAt(
  { decidedAt }: Pick<LoggedDecision, 'decidedAt'>,
  { windowMs, bucketMs }: History['learning'],
): number {
  return (bucketOf(decidedAt, bucketMs) + 1) * bucketMs + windowMs + graceMs
}

/** What a decision without feedback earns in the end; undefined = nothing is known of it. */
export function silentReward(
  { penalty = 0 }: LoggedDecision,
  defaultReward: number | undefined,
): number | undefined {
  return defaultReward === undefined ? undefined : defaultReward - penalty
}

export interface Outcomes {
  /** One a decision in natural units; NaN where it is not known. */
  readonly rewards: Float64Array
  /** Decisions whose reward is not known, and never will be. */
  readonly unrewarded: number
  /** Decisions whose reward is not known yet. */
  readonly open: number
}

/**
 * What every decision earned in the end. Where silence earns a default, a decision counts once its window is over
 * and not before: those with a quick reward would else be counted before those with a slow one, and silent ones
 * last of all.
 */
export function toOutcomes(history: History): Outcomes {
  const { decisions, learning, defaultReward, endedAt } = history
  const known = new Map(history.rewards.map(({ key, reward }) => [key, reward]))
  const rewards = new Float64Array(decisions.length)
  let unrewarded = 0
  let open = 0
  for (const [index, decision] of decisions.entries()) {
    const isClosed = closesAt(decision, learning) <= endedAt
    const silent = isClosed ? silentReward(decision, defaultReward) : undefined
    const reward = known.has(decision.key) ? known.get(decision.key) : silent
    const counts = reward !== undefined && (isClosed || defaultReward === undefined)
    rewards[index] = counts ? reward : NaN
    if (!counts && isClosed) unrewarded += 1
    if (!counts && !isClosed) open += 1
  }
  return { rewards, unrewarded, open }
}
