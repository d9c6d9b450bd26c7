import type { FeedbackOutcome, FeedbackStatus } from '../types.ts'
import type { Availability } from './availability.ts'

const kept: ReadonlySet<FeedbackStatus> = new Set(['applied', 'corrected', 'duplicate', 'void'])

/** Whether the store knows of a feedback that was answered so; of any other its sender knows that it does not count. */
export function isKept(status: FeedbackStatus): boolean {
  return kept.has(status)
}

/** Whether what it is about may be known in a moment: the gateway that decided it has yet to give its record back. */
export function mayStillCome(
  { status }: FeedbackOutcome,
  availability: Pick<Availability, 'isRecovering'>,
): boolean {
  return status === 'unknown' && availability.isRecovering()
}
