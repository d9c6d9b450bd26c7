import type { FeedbackRule } from './world.ts'

/** What the statistics get to know of a decision, and how many decisions later; undefined = nothing, ever. */
export interface Arrival {
  /** Absent where the decision is written off. */
  readonly reward?: number
  readonly after: number
}

/** A reward that takes `delay` decisions, as the feedback rule lets it through. */
export function toArrival(reward: number, delay: number, rule: FeedbackRule): Arrival | undefined {
  const { window } = rule
  const reports = !(rule.silentFailures && reward === 0)
  if (reports && (window === undefined || delay < window)) {
    return { reward, after: rule.learn === 'hold' && window !== undefined ? window : delay }
  }
  if (window === undefined) return undefined
  return { after: window, ...(rule.default !== undefined && { reward: rule.default }) }
}
