import type { UpstreamFault } from './errors.ts'

/** What the upstream tells of single calls; telemetry decides what becomes of it. */
export interface UpstreamTracer {
  /** A call is made. Undefined when nobody follows the request that makes it. */
  called(model: string, rows: number): CallTrace | undefined
  /** A batch goes to a replica; `calls` are those in it that are followed. */
  sent(model: string, rows: number, calls: readonly [CallTrace, ...CallTrace[]]): BatchTrace
}

/** One call, from being made to being settled. */
export interface CallTrace {
  ended(outcome: CallOutcome): void
}

/** One exchange with a replica. */
export interface BatchTrace {
  /** For the replica, so that what it does is seen as part of this. */
  readonly headers: Readonly<Record<string, string>>
  ended(outcome: CallOutcome): void
}

export type CallOutcome = 'answered' | UpstreamFault
