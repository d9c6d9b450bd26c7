import type { UpstreamFault } from '../errors.ts'
import type { Job } from './job.ts'

/**
 * Of the calls whose batch has failed, those that are tried once more, and marked for it: where the replica broke down, as
 * many as their lanes pay for; where the batch was refused or answered with nonsense, each by itself, for one bad input must not
 * fail others. What brought one replica down may bring down the next, so they go alone then too.
 */
export function secondTries(jobs: readonly Job[], code: UpstreamFault, retried: () => void): Job[] {
  const brokeDown = code === 'unreachable' || code === 'overloaded'
  const neighbours = jobs.length > 1 && (code === 'rejected' || code === 'bad_output')
  if (!brokeDown && !neighbours) return []
  const again = jobs.filter((job) => !job.settled && (neighbours || (!job.retried && job.lane.budget.take())))
  for (const job of again) {
    job.alone ||= code !== 'overloaded'
    if (brokeDown) {
      job.retried = true
      retried()
    } else {
      job.lane.budget.owe()
    }
  }
  return again
}
