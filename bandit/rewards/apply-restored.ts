import { meaningOf, reconcile, type RewardEvent, voidMark } from './marks.ts'
import { mergeDeltas } from './observed.ts'
import { subtract } from '../beliefs/statistics.ts'
import type { Standing } from '../store/store.ts'
import type { FeedbackOutcome } from '../types.ts'
import {
  type Attributed,
  type Change,
  differencesOf,
  type RewardRules,
  writerOf,
  zeroMicroOf,
} from './write-mark.ts'

/**
 * Puts back what is known of an event that a restored checkpoint holds, so that it counts once. The checkpoint has sums
 * without marks; what it holds of a decision is the *base*, a mark too, which grows by such events. At any moment
 *
 *     sums = those of the checkpoint + Σ over decisions (contribution(mark) − contribution(base))
 *
 * so mostly nothing but both marks is written; and an event that was counted a second time before this came is taken
 * out again, in whatever order gateways bring what they know.
 */
export async function applyRestored(
  event: RewardEvent | 'void',
  claims: Attributed,
  rules: RewardRules,
  acceptedAt?: number,
): Promise<FeedbackOutcome> {
  const { combine } = rules
  const zeroMicro = zeroMicroOf(rules)
  const write = writerOf(claims, rules, acceptedAt)
  const differenceOf = differencesOf(claims, rules)

  function extend(mark: string): string {
    if (event === 'void') return voidMark
    const next = reconcile(mark, event, combine, zeroMicro)
    return next.status === 'full' || next.status === 'void' ? mark : next.mark
  }

  function changeOf(mark: string, base: string, nextBase: string): Change {
    const meaning = (each: string) => meaningOf(each, combine, zeroMicro)
    const next = extend(mark)
    const own = differenceOf(meaning(next), meaning(mark))
    const given = differenceOf(meaning(nextBase), meaning(base))
    const observed = mergeDeltas(own.observed, given.observed)
    const held = difference(own.heldDelta, given.heldDelta)
    return {
      mark: next,
      delta: subtract(own.delta, given.delta),
      ...(held !== undefined && { heldDelta: held }),
      ...(observed !== undefined && { observed }),
      ...moveOf(
        [meaning(mark).standing, meaning(next).standing],
        [meaning(base).standing, meaning(nextBase).standing],
      ),
      afterWindow: rules.corrections === true,
      base: { expected: base, next: nextBase },
    }
  }

  let [mark, base] = ['', '']
  for (;;) {
    const nextBase = extend(base)
    if (nextBase === base) return { status: 'duplicate' }
    const result = await write(mark, changeOf(mark, base, nextBase))
    if (result.status === 'applied') return { status: 'duplicate' }
    if (result.status === 'late') return { status: 'late' }
    ;({ mark, base } = result)
  }
}

/** The first without the second; undefined where that is nothing. */
function difference(
  added: Float64Array | undefined,
  taken: Float64Array | undefined,
): Float64Array | undefined {
  const length = added?.length ?? taken?.length ?? 0
  const left = subtract(added ?? new Float64Array(length), taken ?? new Float64Array(length))
  return left.some((value) => value !== 0) ? left : undefined
}

type Way = readonly [from: Standing, to: Standing]

/** The way of the decision without the way that it has gone in the checkpoint. */
function moveOf(
  [from, to]: Way,
  [givenFrom, givenTo]: Way,
): { readonly from: Standing; readonly to: Standing } {
  if (to === givenTo) return { from, to: givenFrom }
  if (from === to) return { from: givenTo, to: givenFrom }
  if (givenFrom === givenTo) return { from, to }
  return { from: givenTo, to }
}
