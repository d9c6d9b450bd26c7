import { roundedFromShare } from '../bounds.ts'
import { markLate, meaningOf, reconcile, type RewardEvent, voidMark } from './marks.ts'
import { toNet } from './penalty.ts'
import { fromMicro } from '../beliefs/statistics.ts'
import type { Stamp } from '../store/checkpoint.ts'
import type { FeedbackOutcome } from '../types.ts'
import {
  type Attributed,
  type Change,
  differencesOf,
  type RewardRules,
  type WriteMark,
  writerOf,
  zeroMicroOf,
} from './write-mark.ts'

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
  write: WriteMark,
  stepFrom: (mark: string) => Step,
): Promise<FeedbackOutcome | 'late'> {
  let expectedMark = ''
  let stamp: Stamp | undefined
  for (;;) {
    const { outcome, change } = stepFrom(expectedMark)
    if (change === undefined) return stamp === undefined ? outcome : { ...outcome, stamp, unchanged: true }
    const result = await write(expectedMark, change)
    if (result.status === 'applied') return { ...outcome, stamp: result.stamp }
    if (result.status === 'late') return 'late'
    expectedMark = result.mark
    stamp = result.stamp
  }
}

const fullDetail = 'this prediction has had as many events as it can take'

const voidDetail = 'this prediction was taken back as never shown: nothing counts for it any more'

export function lateDetail({ endpoint, windowMs }: Pick<RewardRules, 'endpoint' | 'windowMs'>): string {
  return `feedback for endpoint ${endpoint} counts for ${windowMs / 1000} s after the prediction`
}
