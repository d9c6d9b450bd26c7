import { type RewardBounds, roundedFromShare, toShare } from './bounds.ts'
import { bucketOf } from './buckets.ts'
import type { Combine } from './combine.ts'
import { contribution, defaultContribution } from './contribution.ts'
import type { Delay } from './delay/delay.ts'
import { type Forgetting, placeBucket } from './forgetting.ts'
import type { Claims } from './ledger/prediction-id.ts'
import { observedDeltas } from './observed.ts'
import { markLate, type Meaning, meaningOf, reconcile, type RewardEvent, voidMark } from './marks.ts'
import { type Penalty, qualityBounds, toNet } from './penalty.ts'
import { coinFromKey } from './random.ts'
import { isOwn, settleSilence, silenceOf } from './silence.ts'
import { fromMicro, subtract } from './statistics.ts'
import type { ApplyResult, EndpointStore, RewardApplication } from './store/store.ts'
import type { FeedbackOutcome } from './types.ts'

/** How an endpoint turns what is known of a decision into sums. */
export interface RewardRules {
  readonly endpoint: string
  readonly store: EndpointStore
  readonly combine: Combine
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
  /** Of the rewards that are learned. */
  readonly bounds: RewardBounds
  /** What is taken off those that feedback says, for their answers. */
  readonly penalty?: Penalty | undefined
  /** `arrival` when absent. */
  readonly delay?: Delay
  /** True: the truth counts after the window too, and takes the default back; false when absent. */
  readonly corrections?: boolean
  /** What a decision without feedback was learned as when its window was over; undefined = nothing. */
  readonly defaultMicro?: number | undefined
}

/** A decision as its id says it, and the context that it was made in where the endpoint declares any. */
export interface Attributed extends Claims {
  readonly features?: Float64Array | undefined
}

type Change = Pick<
  RewardApplication,
  'mark' | 'delta' | 'heldDelta' | 'observed' | 'from' | 'to' | 'afterWindow'
>

/** What is to be said of a decision whose mark was that, and what has to be written before it is true. */
interface Step {
  readonly outcome: FeedbackOutcome
  readonly change?: Change
}

/**
 * Adds one event to what is known of a decision. Without `acceptedAt` the store judges by its own clock whether it is
 * in time.
 */
export async function applyEvent(
  event: RewardEvent,
  claims: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): Promise<FeedbackOutcome> {
  const differenceOf = differencesOf(claims, rules)
  const zeroMicro = zeroMicroOf(rules)
  const afterWindow = rules.corrections === true
  const outcome = await compareAndSet(writerOf(claims, rules, acceptedAt), (mark): Step => {
    const next = reconcile(mark, event, rules.combine, zeroMicro)
    if (next.status === 'full') return { outcome: { status: 'invalid', detail: fullDetail } }
    if (next.status === 'void') return { outcome: { status: 'void', detail: voidDetail } }
    const learned = toNet(next.micro, rules, claims.penaltyMicro)
    const reward = roundedFromShare(fromMicro(learned), rules.bounds)
    if (next.mark === mark) return { outcome: { status: 'duplicate', reward } }
    const change = {
      mark: next.mark,
      ...differenceOf(next.after, next.before),
      from: next.before.standing,
      to: 'rewarded',
      afterWindow,
    } as const
    return { outcome: { status: next.status, reward }, change }
  })
  if (outcome !== 'late') return outcome
  await noteLate(event, claims, rules)
  return { status: 'late', detail: lateDetail(rules) }
}

/** Takes a decision back as never shown, with whatever was learned of it; it stays so. */
export async function applyVoid(
  claims: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): Promise<FeedbackOutcome> {
  const differenceOf = differencesOf(claims, rules)
  const after = meaningOf(voidMark, rules.combine)
  const afterWindow = rules.corrections === true
  const outcome = await compareAndSet(writerOf(claims, rules, acceptedAt), (mark): Step => {
    if (mark === voidMark) return { outcome: { status: 'duplicate' } }
    const before = meaningOf(mark, rules.combine, zeroMicroOf(rules))
    const difference = differenceOf(after, before)
    const change = { mark: voidMark, ...difference, from: before.standing, to: 'void', afterWindow } as const
    return { outcome: { status: 'void' }, change }
  })
  return outcome === 'late' ? { status: 'late', detail: lateDetail(rules) } : outcome
}

/** A reward that came too late teaches nothing but how long rewards take, once. */
async function noteLate(event: RewardEvent, claims: Attributed, rules: RewardRules): Promise<void> {
  if (event.micro === 0) return
  const differenceOf = differencesOf(claims, rules)
  const outcome: FeedbackOutcome = { status: 'late' }
  await compareAndSet(writerOf(claims, rules), (known): Step => {
    const mark = markLate(known, event)
    if (mark === known) return { outcome }
    const [before, after] = [meaningOf(known, rules.combine), meaningOf(mark, rules.combine)]
    const unsettled = { from: 'unsettled', to: 'unsettled' } as const
    return { outcome, change: { mark, ...differenceOf(after, before), ...unsettled, afterWindow: true } }
  })
}

/**
 * Optimistic: most decisions get one feedback, so the first try expects an empty mark and needs one round trip. Every
 * conflict means that another event of this decision got through, so it ends after as many tries as a mark can hold
 * events.
 */
async function compareAndSet(
  write: ReturnType<typeof writerOf>,
  stepFrom: (mark: string) => Step,
): Promise<FeedbackOutcome | 'late'> {
  let expectedMark = ''
  for (;;) {
    const { outcome, change } = stepFrom(expectedMark)
    if (change === undefined) return outcome
    const result = await write(expectedMark, change)
    if (result.status === 'applied') return outcome
    if (result.status === 'late') return 'late'
    expectedMark = result.mark
  }
}

/** Events are combined as they were said, and what the answer cost is taken off once. */
function zeroMicroOf(rules: RewardRules): number {
  return Math.round(toShare(0, qualityBounds(rules)) * 1e6)
}

/** What turns the sums, and what the bucket holds, of one meaning of a decision's mark into those of another. */
function differencesOf(claims: Attributed, rules: RewardRules) {
  const { decidedAt, propensity, key, features } = claims
  const { windowMs, delay = 'arrival' } = rules
  const { weight } = placeOf(decidedAt, rules)
  const place = { decidedAt, windowMs, weight, draw: { propensity, coin: coinFromKey(key) }, features }
  const silence = silenceOf(claims, weight, { ...rules, dimension: features?.length })
  const earned = (meaning: Meaning) =>
    contribution({ ...meaning, micro: toNet(meaning.micro, rules, claims.penaltyMicro) }, place)
  return (after: Meaning, before: Meaning): Pick<Change, 'delta' | 'heldDelta' | 'observed'> => {
    const delta = subtract(earned(after), earned(before))
    const observed = observedDeltas(after.observed, before.observed, weight)
    const beside = observed === undefined ? {} : { observed }
    if (silence === undefined) return { delta, ...beside }
    const { sums, held } = settleSilence(silence, before.standing, after.standing, delay)
    return {
      delta: sums === undefined ? delta : delta.map((value, at) => value + sums[at]!),
      ...(held !== undefined && { heldDelta: held }),
      ...beside,
    }
  }
}

function writerOf(
  { key, arm, edition = arm, decidedAt, features }: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
) {
  const { bucket, epoch, weight } = placeOf(decidedAt, rules)
  const micro = rules.defaultMicro
  const dimension = features?.length
  const byDefault = micro === undefined ? {} : defaultOf(micro, weight, isOwn({ ...rules, dimension }))
  const when = acceptedAt === undefined ? {} : { acceptedAt }
  const decision = { key, arm: edition, bucket, epoch, decidedAt, ...when, ...byDefault }
  return (expectedMark: string, change: Change): Promise<ApplyResult> =>
    rules.store.applyReward({ ...decision, expectedMark, ...change })
}

function defaultOf(
  micro: number,
  weight: number,
  isHeld: boolean,
): Pick<RewardApplication, 'defaultDelta' | 'defaultsHeld'> {
  return isHeld ? { defaultsHeld: true } : { defaultDelta: defaultContribution(micro, weight) }
}

function placeOf(decidedAt: number, { bucketMs, forgetting }: RewardRules) {
  const bucket = bucketOf(decidedAt, bucketMs)
  return { bucket, ...placeBucket(bucket, bucketMs, forgetting) }
}

const fullDetail = 'this prediction has had as many events as it can take'

const voidDetail = 'this prediction was taken back as never shown: nothing counts for it any more'

export function lateDetail({ endpoint, windowMs }: Pick<RewardRules, 'endpoint' | 'windowMs'>): string {
  return `feedback for endpoint ${endpoint} counts for ${windowMs / 1000} s after the prediction`
}
