import { applyEvent, applyVoid, lateDetail } from './rewards/apply-feedback.ts'
import { applyRestored } from './rewards/apply-restored.ts'
import { isWithin, toShare } from './bounds.ts'
import type { Encoding } from './context/encoding.ts'
import type { Ledger, OtherLabels } from './ledger/ledger.ts'
import type { CheckedId, Claims, PredictionIds } from './ledger/prediction-id.ts'
import type { RewardEvent } from './rewards/marks.ts'
import type { Observed } from './rewards/observed.ts'
import { qualityBounds } from './rewards/penalty.ts'
import { keyFromCallerId } from './random.ts'
import { keyOfTenant } from './tenants.ts'
import { scoreAccuracy, type Score } from './rewards/scoring.ts'
import { toMicro } from './beliefs/statistics.ts'
import type { Feedback, FeedbackOutcome, Label } from './types.ts'
import type { RewardRules } from './rewards/write-mark.ts'

/** Turns feedback into sums in the store, once in effect however often and in whatever order it comes. */
export interface Learner {
  /** Rejects with a StoreUnavailable when nothing can be said of the feedback now; it may then be sent again. */
  learn(feedback: Feedback, id?: CheckedId): Promise<FeedbackOutcome>
}

/** What learning needs to know of one endpoint. */
export interface LearningEndpoint extends RewardRules {
  readonly generation: string
  readonly ledger: Ledger
  readonly rewardFrom: 'reward' | 'label'
  /** Names under which arms are observed themselves, where what they earn is not what they score. */
  readonly scoredAs?: Readonly<Record<string, string>> | undefined
  /** How contexts became numbers; absent where the endpoint declares none. */
  readonly encoding?: Encoding | undefined
}

export interface LearnerDeps {
  readonly ids: PredictionIds
  readonly endpoints: ReadonlyMap<string, LearningEndpoint>
  readonly clock: () => number
  /** Whether that moment, ms since 1970, is too far in the future for a decision; absent where nobody can tell. */
  readonly isAhead?: ((at: number) => boolean) | undefined
}

type Found = { readonly status: 'found'; readonly claims: Claims; readonly endpoint: LearningEndpoint }

export function createLearner({ ids, endpoints, clock, isAhead = () => false }: LearnerDeps): Learner {
  /** Nothing is read from the store before the id has been verified. */
  function verify(predictionId: string, id?: CheckedId): Found | FeedbackOutcome {
    const claims = id ?? ids.verify(predictionId) ?? 'forged'
    if (claims === 'forged') {
      return {
        status: 'forged',
        detail: 'this prediction_id was not issued here: send it back exactly as /predict gave it',
      }
    }
    const endpoint = endpoints.get(claims.endpoint)
    if (endpoint === undefined || endpoint.generation !== claims.generation) {
      const detail = `the prediction was made under another definition of endpoint ${claims.endpoint}, whose rewards are no longer collected`
      return { status: 'unknown', detail }
    }
    return { status: 'found', claims, endpoint }
  }

  async function find(feedback: Feedback, checked?: CheckedId): Promise<Found | FeedbackOutcome> {
    if (feedback.predictionId !== undefined) return verify(feedback.predictionId, checked)
    const { endpoint: name, id, tenant } = feedback.callerId!
    const record = await endpoints.get(name)?.ledger.read(keyOfTenant(keyFromCallerId(name, id), tenant))
    if (record === undefined) {
      return {
        status: 'unknown',
        detail: `endpoint ${name} has no prediction with id ${id} whose window is open`,
      }
    }
    return verify(record.predictionId)
  }

  return {
    async learn(feedback, id) {
      const found = await find(feedback, id)
      if (found.status !== 'found') return found
      const { claims, endpoint } = found
      const acceptedAt = feedback.acceptedAt ?? clock()
      const { key, decidedAt, arm, trace } = claims
      const delayMs = acceptedAt - decidedAt
      const known = {
        key,
        decidedAt,
        endpoint: claims.endpoint,
        arm,
        delayMs,
        ...(trace !== undefined && { trace }),
      }
      // What comes from the journal was judged when it was accepted.
      if (feedback.acceptedAt === undefined && isAhead(decidedAt))
        return { ...known, status: 'invalid', detail: aheadDetail(-delayMs) }
      const features = await featuresOf(claims, endpoint)
      if (features === 'unknown') return { ...known, ...notRecorded('the context', delayMs, endpoint) }
      const decision = { ...claims, features }
      const apply = (event: RewardEvent | 'void') => {
        if (feedback.restored === true) return applyRestored(event, decision, endpoint, feedback.acceptedAt)
        return event === 'void'
          ? applyVoid(decision, endpoint, feedback.acceptedAt)
          : applyEvent(event, decision, endpoint, feedback.acceptedAt)
      }
      if (feedback.void === true) return { ...known, ...(await apply('void')) }
      const score = await scoreOf(feedback, claims, endpoint)
      if (score.status === 'unknown') return { ...known, ...notRecorded('the output', delayMs, endpoint) }
      if (score.status === 'invalid') return { ...known, ...score }
      const event: RewardEvent = {
        eventId: feedback.eventId,
        acceptedAt,
        micro: toMicro(score.reward),
        ...(feedback.at !== undefined && { at: feedback.at }),
        ...(score.observed !== undefined && { observed: score.observed }),
      }
      return { ...known, ...(await apply(event)) }
    },
  }
}

async function scoreOf(
  feedback: Feedback,
  claims: Claims,
  endpoint: LearningEndpoint,
): Promise<(Score & { readonly observed?: Observed }) | { readonly status: 'unknown' }> {
  const { rewardFrom, ledger } = endpoint
  const bounds = qualityBounds(endpoint)
  if (rewardFrom === 'reward') {
    if (feedback.reward === undefined)
      return {
        status: 'invalid',
        detail: `endpoint ${claims.endpoint} learns from "reward": send a number from ${bounds.low} to ${bounds.high}`,
      }
    if (!isWithin(feedback.reward, bounds)) {
      return { status: 'invalid', detail: `reward must be a number from ${bounds.low} to ${bounds.high}` }
    }
    return { status: 'scored', reward: toShare(feedback.reward, bounds) }
  }
  if (feedback.label === undefined)
    return {
      status: 'invalid',
      detail: `endpoint ${claims.endpoint} learns from "label": send the true label`,
    }
  const predicted = await ledger.readLabels(claims.key)
  if (predicted === undefined) return { status: 'unknown' }
  const score = scoreAccuracy(predicted.labels, feedback.label)
  const observed = observe(predicted.others, feedback.label)
  const subject = endpoint.scoredAs?.[claims.arm]
  if (subject === undefined || score.status !== 'scored') return { ...score, observed }
  return { ...score, observed: { ...observed, [subject]: toMicro(score.reward) } }
}

/** What answered beside the arm, by the same measure. Labels of another kind than the truth say nothing. */
function observe(others: OtherLabels, truth: Label | readonly Label[]): Observed {
  const observed: Record<string, number> = {}
  for (const [name, labels] of Object.entries(others)) {
    const score = scoreAccuracy(labels, truth)
    if (score.status === 'scored') observed[name] = toMicro(score.reward)
  }
  return observed
}

/** What a contextual endpoint learns depends on the context, even to take it back. */
async function featuresOf(
  { key }: Claims,
  { encoding, ledger }: LearningEndpoint,
): Promise<Float64Array | undefined | 'unknown'> {
  return encoding === undefined ? undefined : ((await ledger.readFeatures(key)) ?? 'unknown')
}

function aheadDetail(aheadMs: number): string {
  return `this prediction_id is dated ${Math.ceil(aheadMs / 1000)} s ahead of the store's clock, so the gateway that made it had another time: nothing was counted; have the clocks set right, and send it again once that time has come`
}

/** Records end a little after the window does. */
function notRecorded(
  what: string,
  delayMs: number,
  endpoint: LearningEndpoint,
): Pick<FeedbackOutcome, 'status' | 'detail'> {
  if (delayMs > endpoint.windowMs) return { status: 'late', detail: lateDetail(endpoint) }
  return { status: 'unknown', detail: `${what} of this prediction is not (or no longer) recorded` }
}
