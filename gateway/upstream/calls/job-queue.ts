import { canShare } from './batch.ts'
import type { Job } from './job.ts'

/** The jobs of one model that wait for a replica, in the order in which they came. */
export interface JobQueue {
  readonly length: number
  push(job: Job): void
  /** Back to the front, in the order given. */
  putBack(jobs: readonly Job[]): void
  /**
   * The next batch: the first job and those behind it that may share its batch, up to `maxRows` rows together.
   * A job with more rows than that is a batch by itself.
   */
  take(maxRows: number): Job[]
  /** Takes out every job whose deadline has come. */
  takeDue(now: number): Job[]
  takeAll(): Job[]
  /** If it waits. */
  remove(job: Job): void
  /** Infinity when nothing waits. */
  earliestDeadline(): number
}

/** One queue for all replicas: whichever is free next takes from it, so no job waits behind a stuck one. */
export function createJobQueue(): JobQueue {
  let waiting: Job[] = []

  function left(jobs: readonly Job[]): void {
    for (const { lane } of jobs) lane.waiting--
  }

  function take(maxRows: number): Job[] {
    const [first, ...others] = waiting
    if (first === undefined) return []
    const batch = [first]
    let rows = first.rows
    waiting = others.filter((job) => {
      if (rows + job.rows > maxRows || !canShare(first, job)) return true
      batch.push(job)
      rows += job.rows
      return false
    })
    left(batch)
    return batch
  }

  function takeDue(now: number): Job[] {
    const due = waiting.filter((job) => job.deadlineAt <= now)
    if (due.length > 0) waiting = waiting.filter((job) => job.deadlineAt > now)
    left(due)
    return due
  }

  function takeAll(): Job[] {
    const all = waiting
    waiting = []
    left(all)
    return all
  }

  return {
    get length() {
      return waiting.length
    },
    push(job) {
      job.lane.waiting++
      waiting.push(job)
    },
    putBack(jobs) {
      for (const { lane } of jobs) lane.waiting++
      waiting.unshift(...jobs)
    },
    take,
    takeDue,
    takeAll,
    remove(gone) {
      const others = waiting.filter((job) => job !== gone)
      if (others.length < waiting.length) left([gone])
      waiting = others
    },
    earliestDeadline: () => waiting.reduce((earliest, job) => Math.min(earliest, job.deadlineAt), Infinity),
  }
}
