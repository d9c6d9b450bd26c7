import type { CallOutcome } from './tracer.ts'

/** What the upstream counts; telemetry decides what becomes of it. */
export interface UpstreamMetrics {
  /** One call of `model` has ended, `seconds` after it was made. */
  finished(model: string, outcome: CallOutcome, seconds: number): void
  /** Rows that went to a replica in one batch. */
  batched(model: string, rows: number): void
  /** A call got a second try, as its replica broke down. */
  retried(model: string): void
  /** Calls of `model` that wait for a replica. */
  queued(model: string, length: number): void
}
