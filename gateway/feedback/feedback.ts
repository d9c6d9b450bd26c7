import type { Feedback, FeedbackOutcome, FeedbackStatus, Learner } from '../../bandit/index.ts'
import { GatewayError, toGatewayError, type ErrorCode } from '../errors.ts'
import type { FeedbackMetrics } from '../telemetry/metrics.ts'
import type { Parking } from './parking.ts'

/** What became of one feedback; `error` is what its sender is told when nothing was counted. */
export interface Verdict {
  readonly status: FeedbackStatus | 'parked' | 'store_unavailable' | 'internal'
  readonly outcome?: FeedbackOutcome
  readonly error?: GatewayError
}

export interface FeedbackDeps {
  readonly learner: Learner
  readonly metrics: FeedbackMetrics
  /** Absent = feedback that comes before its prediction is unknown. */
  readonly parking?: Pick<Parking, 'park'> | undefined
}

export type Accept = (parse: () => Feedback) => Promise<Verdict>

/** Learns from one feedback. Never rejects, so that one line of a batch cannot take the others with it. */
export function createAccept({ learner, metrics, parking }: FeedbackDeps): Accept {
  return async function accept(parse) {
    const verdict = await learn(parse).catch(toFailure)
    metrics.accepted({ ...verdict.outcome, outcome: verdict.status })
    return verdict
  }

  async function learn(parse: () => Feedback): Promise<Verdict> {
    const feedback = parse()
    const outcome = await learner.learn(feedback)
    if (outcome.status === 'unknown' && parking?.park(feedback) === true) return { status: 'parked' }
    const error = toRefusal(outcome)
    return { status: outcome.status, outcome, ...(error !== undefined && { error }) }
  }
}

const refusals: Readonly<Partial<Record<FeedbackStatus, ErrorCode>>> = {
  late: 'late_feedback',
  unknown: 'unknown_prediction',
  forged: 'forged_prediction_id',
  invalid: 'invalid_feedback',
}

function toRefusal({ status, detail = 'nothing was counted' }: FeedbackOutcome): GatewayError | undefined {
  const code = refusals[status]
  return code === undefined ? undefined : new GatewayError(code, detail)
}

function toFailure(cause: unknown): Verdict {
  const error = toGatewayError(cause)
  if (error.code === 'store_unavailable' || error.code === 'internal') return { status: error.code, error }
  return { status: 'invalid', error }
}
