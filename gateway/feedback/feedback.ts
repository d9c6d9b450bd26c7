import {
  isOfTenant,
  type CheckedId,
  type Feedback,
  type FeedbackOutcome,
  type FeedbackStatus,
  type Learner,
  type PredictionIds,
} from '../../bandit/index.ts'
import { GatewayError, toGatewayError, type ErrorCode } from '../errors.ts'
import type { FeedbackMetrics } from '../telemetry/metrics/feedback-metrics.ts'
import type { Access } from '../security/access.ts'
import { mayUse, type Caller } from '../security/keys/caller.ts'
import type { Mistakes } from '../security/limits/mistakes.ts'
import type { Parking } from './parking.ts'

/** What became of one feedback; `error` is what its sender is told when nothing was counted. */
export interface Verdict {
  readonly status: FeedbackStatus | 'parked' | 'beyond_share' | 'store_unavailable' | 'internal'
  readonly outcome?: FeedbackOutcome
  readonly error?: GatewayError
}

export interface FeedbackDeps {
  readonly ids: Pick<PredictionIds, 'verify'>
  readonly learner: Learner
  readonly metrics: FeedbackMetrics
  /** Absent = feedback that comes before its prediction is unknown. */
  readonly parking?: Pick<Parking, 'park'> | undefined
  /** Absent where there are no keys, and everybody may teach everything. */
  readonly access?: Pick<Access, 'limits' | 'rewardShares'> | undefined
  readonly mistakes: Pick<Mistakes, 'forgedId'>
}

export interface Sender {
  /** Absent where there are no keys. */
  readonly caller: Caller | undefined
  readonly address: () => string
}

export type Accept = (parse: () => Feedback, sender: Sender) => Promise<Verdict>

/** Learns from one feedback. Never rejects, so that one line of a batch cannot take the others with it. */
export function createAccept({ ids, learner, metrics, parking, access, mistakes }: FeedbackDeps): Accept {
  return async function accept(parse, sender) {
    const verdict = await learn(parse, sender).catch(toFailure)
    metrics.accepted({ ...verdict.outcome, outcome: verdict.status })
    return verdict
  }

  async function learn(parse: () => Feedback, sender: Sender): Promise<Verdict> {
    const { caller } = sender
    const feedback = ofTenant(parse(), caller)
    const id = checkId(feedback)
    const endpoint = endpointOf(feedback, id)
    if (caller === undefined || endpoint === undefined) return learnFrom(feedback, id, sender)
    if (!mayUse(caller, endpoint) || !isTheirs(caller, id)) return notTheirs
    const shares = access?.rewardShares
    if (shares === undefined) return learnFrom(feedback, id, sender)
    const room = shares.take(caller, endpoint)
    if (room === undefined) {
      metrics.beyondShare(caller.label, endpoint)
      return beyondShare
    }
    const verdict = await learnFrom(feedback, id, sender).catch(toFailure)
    if (!isLearned.has(verdict.status)) room.giveBack()
    return verdict
  }

  /** The only time that an id is verified; all who come after are told what came out. */
  function checkId({ predictionId }: Feedback): CheckedId | undefined {
    return predictionId === undefined ? undefined : (ids.verify(predictionId) ?? 'forged')
  }

  async function learnFrom(
    feedback: Feedback,
    id: CheckedId | undefined,
    { caller, address }: Sender,
  ): Promise<Verdict> {
    const outcome = await learner.learn(feedback, id)
    if (outcome.status === 'unknown' && parking?.park(feedback) === true) return { status: 'parked' }
    const limited = outcome.status === 'forged' ? mistakes.forgedId(caller, address()) : undefined
    const error = limited ?? toRefusal(outcome)
    return { status: outcome.status, outcome, ...(error !== undefined && { error }) }
  }
}

/** The callers of a tenant have ids of their own, whatever others call their predictions. */
function ofTenant(feedback: Feedback, caller: Caller | undefined): Feedback {
  const { callerId } = feedback
  if (callerId === undefined || caller?.tenant === undefined) return feedback
  return { ...feedback, callerId: { ...callerId, tenant: caller.tenant } }
}

function isTheirs({ tenant }: Caller, id: CheckedId | undefined): boolean {
  return tenant === undefined || id === undefined || id === 'forged' || isOfTenant(id.key, tenant)
}

/** The endpoint that feedback is about; undefined where its id is not ours, and names none. */
function endpointOf({ callerId }: Feedback, id: CheckedId | undefined): string | undefined {
  return id === 'forged' ? undefined : (id ?? callerId)?.endpoint
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
