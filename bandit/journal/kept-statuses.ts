import type { FeedbackStatus } from '../types.ts'

const kept: ReadonlySet<FeedbackStatus> = new Set(['applied', 'corrected', 'duplicate', 'void'])

/** Whether the store knows of a feedback that was answered so; of any other its sender knows that it does not count. */
export function isKept(status: FeedbackStatus): boolean {
  return kept.has(status)
}
