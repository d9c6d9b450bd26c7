import { type RewardBounds, roundedFromShare, toShare } from './bounds.ts'
import { bucketOf } from './buckets.ts'
import type { Combine } from './combine.ts'
import { contribution, defaultContribution } from './contribution.ts'
import type { Delay } from './delay/delay.ts'
import { type Forgetting, placeBucket } from './forgetting.ts'
import type { Claims } from './ledger/prediction-id.ts'
import { markLate, meaningOf, reconcile, type RewardEvent, voidMark } from './marks.ts'
import { coinFromKey } from './random.ts'
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
  readonly bounds: RewardBounds
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

type Change = Pick<RewardApplication, 'mark' | 'delta' | 'from' | 'to' | 'afterWindow'>

/**
 * Adds one event to what is known of a decision. Optimistic: most decisions get one feedback, so the first try
 * expects an empty mark and needs one round trip. Every conflict means that another event of this decision got
 * through, so the loops end after as many tries as a mark can hold events. Without `acceptedAt` the store judges
 * by its own clock whether it is in time.
 */
export async function applyEvent(
  event: RewardEvent,
  claims: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): Promise<FeedbackOutcome> {
  const write = writerOf(claims, rules, acceptedAt)
  const vector = vectorsOf(claims, rules)
  const rewardOf = (micro: number) => roundedFromShare(fromMicro(micro), rules.bounds)
  const zeroMicro = Math.round(toShare(0, rules.bounds) * 1e6)
  let expectedMark = ''
  for (;;) {
    const next = reconcile(expectedMark, event, rules.combine, zeroMicro)
    if (next.status === 'full')
      return { status: 'invalid', detail: 'this prediction has had as many events as it can take' }
    if (next.status === 'void') return { status: 'void', detail: voidDetail }
    if (next.mark === expectedMark) return { status: 'duplicate', reward: rewardOf(next.micro) }
    const delta = subtract(vector(next.after), vector(next.before))
    const afterWindow = rules.corrections === true
    const from = next.before.standing
    const result = await write(expectedMark, { mark: next.mark, delta, from, to: 'rewarded', afterWindow })
    if (result.status === 'applied') return { status: next.status, reward: rewardOf(next.micro) }
    if (result.status === 'late') {
      await noteLate(event, claims, rules)
      return { status: 'late', detail: lateDetail(rules) }
    }
    expectedMark = result.mark
  }
}

/** Takes a decision back as never shown, with whatever was learned of it; it stays so. */
export async function applyVoid(
  claims: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): Promise<FeedbackOutcome> {
  const write = writerOf(claims, rules, acceptedAt)
  const vector = vectorsOf(claims, rules)
  let expectedMark = ''
  for (;;) {
    if (expectedMark === voidMark) return { status: 'duplicate' }
    const before = meaningOf(expectedMark, rules.combine, Math.round(toShare(0, rules.bounds) * 1e6))
    const after = meaningOf(voidMark, rules.combine)
    const delta = subtract(vector(after), vector(before))
    const afterWindow = rules.corrections === true
    const change: Change = { mark: voidMark, delta, from: before.standing, to: 'void', afterWindow }
    const result = await write(expectedMark, change)
    if (result.status === 'applied') return { status: 'void' }
    if (result.status === 'late') return { status: 'late', detail: lateDetail(rules) }
    expectedMark = result.mark
  }
}

/** A reward that came too late teaches nothing but how long rewards take, once. */
async function noteLate(event: RewardEvent, claims: Attributed, rules: RewardRules): Promise<void> {
  if (event.micro === 0) return
  const write = writerOf(claims, rules)
  const vector = vectorsOf(claims, rules)
  let expectedMark = ''
  for (;;) {
    const mark = markLate(expectedMark, event)
    if (mark === expectedMark) return
    const before = meaningOf(expectedMark, rules.combine)
    const delta = subtract(vector(meaningOf(mark, rules.combine)), vector(before))
    const unsettled = { from: 'unsettled', to: 'unsettled' } as const
    const result = await write(expectedMark, { mark, delta, ...unsettled, afterWindow: true })
    if (result.status !== 'conflict') return
    expectedMark = result.mark
  }
}

function vectorsOf({ decidedAt, propensity, key, features }: Attributed, rules: RewardRules) {
  const { windowMs } = rules
  const { weight } = placeOf(decidedAt, rules)
  const place = { decidedAt, windowMs, weight, draw: { propensity, coin: coinFromKey(key) }, features }
  return (meaning: ReturnType<typeof meaningOf>) => contribution(meaning, place)
}

function writerOf({ key, arm, decidedAt }: Claims, rules: RewardRules, acceptedAt?: number) {
  const { bucket, epoch, weight } = placeOf(decidedAt, rules)
  const micro = rules.defaultMicro
  const defaultDelta = micro === undefined ? {} : { defaultDelta: defaultContribution(micro, weight) }
  const when = acceptedAt === undefined ? {} : { acceptedAt }
  const decision = { key, arm, bucket, epoch, decidedAt, ...when, ...defaultDelta }
  return (expectedMark: string, change: Change): Promise<ApplyResult> =>
    rules.store.applyReward({ ...decision, expectedMark, ...change })
}

function placeOf(decidedAt: number, { bucketMs, forgetting }: RewardRules) {
  const bucket = bucketOf(decidedAt, bucketMs)
  return { bucket, ...placeBucket(bucket, bucketMs, forgetting) }
}

const voidDetail = 'this prediction was taken back as never shown: nothing counts for it any more'

export function lateDetail({ endpoint, windowMs }: Pick<RewardRules, 'endpoint' | 'windowMs'>): string {
  return `feedback for endpoint ${endpoint} counts for ${windowMs / 1000} s after the prediction`
}
