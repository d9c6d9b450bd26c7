import { type RewardBounds, toShare } from '../bounds.ts'
import { bucketOf } from '../buckets.ts'
import type { Combine } from './combine.ts'
import { contribution, defaultContribution } from './contribution.ts'
import type { Delay } from '../delay/delay.ts'
import { type Forgetting, placeBucket } from '../beliefs/forgetting.ts'
import type { Claims } from '../ledger/prediction-id.ts'
import { observedDeltas } from './observed.ts'
import type { Meaning } from './marks.ts'
import { type Penalty, qualityBounds, toNet } from './penalty.ts'
import { coinFromKey } from '../random.ts'
import { isOwn, settleSilence, silenceOf } from './silence.ts'
import { subtract } from '../beliefs/statistics.ts'
import type { ApplyResult, EndpointStore, RewardApplication } from '../store/store.ts'

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

export type Change = Pick<
  RewardApplication,
  'mark' | 'delta' | 'heldDelta' | 'observed' | 'from' | 'to' | 'afterWindow' | 'base'
>

/** Events are combined as they were said, and what the answer cost is taken off once. */
export function zeroMicroOf(rules: RewardRules): number {
  return Math.round(toShare(0, qualityBounds(rules)) * 1e6)
}

/** What turns the sums, and what the bucket holds, of one meaning of a decision's mark into those of another. */
export function differencesOf(claims: Attributed, rules: RewardRules) {
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

export type WriteMark = (expectedMark: string, change: Change) => Promise<ApplyResult>

export function writerOf(
  { key, arm, edition = arm, decidedAt, features }: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): WriteMark {
  const { bucket, epoch, weight } = placeOf(decidedAt, rules)
  const micro = rules.defaultMicro
  const dimension = features?.length
  const byDefault = micro === undefined ? {} : defaultOf(micro, weight, isOwn({ ...rules, dimension }))
  const when = acceptedAt === undefined ? {} : { acceptedAt }
  const decision = { key, arm: edition, bucket, epoch, decidedAt, ...when, ...byDefault }
  return (expectedMark, change) => rules.store.applyReward({ ...decision, expectedMark, ...change })
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
