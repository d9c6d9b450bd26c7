import type { Feedback, FeedbackOutcome, FeedbackStatus, Learner } from '../../bandit/index.ts'
import { GatewayError, toGatewayError, type ErrorCode } from '../errors.ts'
import type { FeedbackMetrics } from '../telemetry/feedback-metrics.ts'
import type { Caller } from '../security/caller.ts'
import type { Access } from '../security/access.ts'
import type { Parking } from './parking.ts'

/** What became of one feedback; `error` is what its sender is told when nothing was counted. */
export interface Verdict {
  readonly status: FeedbackStatus | 'parked' | 'beyond_share' | 'store_unavailable' | 'internal'
  readonly outcome?: FeedbackOutcome
  readonly error?: GatewayError
}

export interface FeedbackDeps {
  readonly learner: Learner
  readonly metrics: FeedbackMetrics
  /** Absent = feedback that comes before its prediction is unknown. */
  readonly parking?: Pick<Parking, 'park'> | undefined
  /** Absent where there are no keys, and everybody may teach everything. */
  readonly access?: Pick<Access, 'mayTeach' | 'limits' | 'rewardShares'> | undefined
}

export type Accept = (parse: () => Feedback, caller: Caller | undefined) => Promise<Verdict>

/** Learns from one feedback. Never rejects, so that one line of a batch cannot take the others with it. */
export function createAccept({ learner, metrics, parking, access }: FeedbackDeps): Accept {
  return async function accept(parse, caller) {
    const verdict = await learn(parse, caller).catch(toFailure)
    metrics.accepted({ ...verdict.outcome, outcome: verdict.status })
    return verdict
  }

  async function learn(parse: () => Feedback, caller: Caller | undefined): Promise<Verdict> {
    const feedback = parse()
    if (access?.mayTeach(caller, feedback) === false) return notTheirs
    const shares = access?.rewardShares
    if (shares === undefined || caller === undefined) return learnFrom(feedback, caller)
    const room = shares.take(caller, feedback)
    if (room === undefined) return beyondShare
    const verdict = await learnFrom(feedback, caller).catch(toFailure)
    if (!isLearned.has(verdict.status)) room.giveBack()
    return verdict
  }

  async function learnFrom(feedback: Feedback, caller: Caller | undefined): Promise<Verdict> {
    const outcome = await learner.learn(feedback)
    if (outcome.status === 'unknown' && parking?.park(feedback) === true) return { status: 'parked' }
    const limited =
      outcome.status === 'forged' && caller !== undefined ? access?.limits.forged(caller) : undefined
    const error = limited ?? toRefusal(outcome)
    return { status: outcome.status, outcome, ...(error !== undefined && { error }) }
  }
}

/** The same whether there is such a prediction or not, so that nothing is told of the endpoints of others. */
const notTheirs: Verdict = {
  status: 'unknown',
  error: new GatewayError(
    'unknown_prediction',
    'this key knows of no such prediction: use the one that it was made with',
  ),
}

/** What counts now, or will: the rest leaves the key as much room as it had. */
const isLearned: ReadonlySet<Verdict['status']> = new Set(['applied', 'journalled', 'parked'])

const beyondShare: Verdict = {
  status: 'beyond_share',
  error: new GatewayError(
    'reward_share_exceeded',
    'more of what the endpoint learns would come from this key than may: send it again later, or raise auth.reward_share.most',
    { headers: { 'retry-after': '300' } },
  ),
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
