import type { EndpointConfig } from '../config/endpoint-config.ts'
import { GatewayError } from '../errors.ts'
import type { Departure } from '../http/departure.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { Caller, Exact } from '../upstream/arm.ts'
import { UpstreamError } from '../upstream/errors.ts'

/**
 * A prediction is exact where asking again has to give the same bytes, as in a file that is answered in two goes: the
 * arm that its id draws answers, or none does for now. It waits longer for that than anybody who looks at a page.
 */

const timesAsLong = 10
const longestMs = 60_000
/** Less is no sign of a hang where the machine is busy, and what hangs is not ended before that anyway. */
const leastRunMs = 2_000

type Deadlines = Pick<EndpointConfig, 'deadlineMs'>

/** How long an answer is waited for, and by whom. */
export interface Patience {
  /** performance.now() */
  readonly deadlineAt: number
  readonly departure: Departure
  /** Undefined where others are as good. */
  readonly exact: Exact | undefined
}

/** An exact one waits long for its turn; a model computes hardly longer than for others, or hangs would be found late. */
export function patienceOf(
  { deadlineMs }: Deadlines,
  isExact: boolean,
  { startedAt, departure }: { readonly startedAt: number; readonly departure: Departure },
): Patience {
  if (!isExact) return { deadlineAt: startedAt + deadlineMs, departure, exact: undefined }
  const waitMs = Math.max(deadlineMs, Math.min(timesAsLong * deadlineMs, longestMs))
  return { deadlineAt: startedAt + waitMs, departure, exact: { runMs: Math.max(deadlineMs, leastRunMs) } }
}

export function callerOf({ departure, exact }: Pick<Patience, 'departure' | 'exact'>): Caller {
  return exact === undefined ? departure : { onGone: (callback) => departure.onGone(callback), exact }
}

/** Whether these inputs would meet the same fault again, so that the next arm is as much their answer as this one. */
export function isTheRowsOwn({ code }: UpstreamError): boolean {
  return code === 'bad_output'
}

/** Drawn all the same, where others would have been drawn from without it. */
export function away(arm: string): UpstreamError {
  return new UpstreamError('unreachable', arm, `${arm} cannot be asked`)
}

/** @param arm that was drawn and cannot answer now */
export function noOtherArm(arm: string, cause: UpstreamError, random: () => number): GatewayError {
  const detail = `${arm} cannot answer now, and an exact prediction is of no other arm: send it again after Retry-After seconds, pause ${arm}, or leave exact out`
  const code = cause.code === 'overloaded' ? 'overloaded' : 'no_arm_available'
  return new GatewayError(code, detail, { headers: retryAfter(random), cause })
}
