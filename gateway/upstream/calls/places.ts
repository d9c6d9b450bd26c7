import type { ExpectedWait } from './expected-wait.ts'
import type { Job } from './job.ts'
import type { JobQueue } from './job-queue.ts'
import type { Lane } from './lane.ts'

interface PlacesDeps {
  readonly queue: Pick<JobQueue, 'length'>
  /** Calls that may wait. */
  readonly queueLimit: number
  readonly expected: Pick<ExpectedWait, 'afterBatches'>
  /** How many batches replicas run. */
  readonly running: () => number
  readonly hasIdle: () => boolean
  /** Rows of one batch, at most. */
  readonly maxRows: () => number
}

/** Whether there is a place among those who wait for a replica. */
export function createPlaces({ queue, queueLimit, expected, running, hasIdle, maxRows }: PlacesDeps) {
  function isFull({ waiting, limit }: Lane): boolean {
    return waiting >= limit && !hasIdle()
  }

  /** Better told at once than at its deadline, when it has kept others waiting. */
  function isHopeless({ madeAt, deadlineAt }: Job): boolean {
    if (queue.length === 0) return false
    const before = queue.length / Math.max(1, maxRows()) / Math.max(1, running())
    return madeAt + expected.afterBatches(1 + before) > deadlineAt
  }

  return { for: (job: Job): boolean => queue.length < queueLimit && !isFull(job.lane) && !isHopeless(job) }
}
