/** What a load generator is to send: every connection has one request under way, never two, and never none. */
export interface LoadJob {
  readonly origin: string
  readonly path: string
  readonly contentType: string
  readonly connections: number
  /** Sent in turn. */
  readonly bodies: readonly string[]
  /** How long to go on; absent = until every body was sent once. */
  readonly seconds?: number
  /** Field of each JSON answer to bring back. */
  readonly collect?: string
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
  /** Requests by what went wrong: a status that is not 2xx, or the code of a broken connection. */
  readonly failures: Readonly<Record<string, number>>
  readonly collected: readonly string[]
}

/** An answer that came quickly because it was refused must not count as fast. */
export const assertAllAnswered = (job: LoadJob, { requests, failures }: LoadResult): void => {
  const faults = Object.entries(failures).map(([fault, count]) => `${count} × ${fault}`)
  if (faults.length > 0) throw new Error(`${job.path}: of ${requests} requests failed ${faults.join(', ')}`)
}
