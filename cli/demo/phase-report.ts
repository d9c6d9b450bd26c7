import type { Oracle } from './oracle.ts'
import type { Phase } from './stream.ts'
import type { ArmCount, Tally } from './tally.ts'

/** How one phase went, and how it would have gone. Only answered requests count, for every way of choosing alike. */
export interface PhaseReport {
  readonly phase: Phase
  readonly answered: number
  readonly right: number
  /** The arm that would have been right most often on these images. */
  readonly best: { readonly arm: string; readonly right: number }
  /** Expected number of right answers when every arm gets the same share. */
  readonly uniformRight: number
  readonly arms: readonly ArmReport[]
}

/** Fractions from 0 to 1; an accuracy over no answers is NaN. */
export interface ArmReport {
  readonly arm: string
  readonly share: number
  readonly accuracy: number
  /** The same over the last third of the phase, when the policy has had time to learn it. */
  readonly lateShare: number
  readonly lateAccuracy: number
  /** Accuracy on every image of the phase, the ones that other arms answered included. */
  readonly alone: number
}

/** The requests from index `from` up to but without `to` as one phase. */
export const comparePhase = (
  phase: Phase,
  from: number,
  to: number,
  tally: Tally,
  oracle: Oracle,
): PhaseReport => {
  const whole = tally.armCounts(from, to)
  const late = tally.armCounts(to - Math.floor((to - from) / 3), to)
  const answered = total(whole)
  const rightAlone = tally.arms.map((arm) => countRight(arm, from, to, tally, oracle))
  const best = rightAlone.indexOf(Math.max(...rightAlone))
  return {
    phase,
    answered,
    right: whole.reduce((sum, { right }) => sum + right, 0),
    best: { arm: tally.arms[best]!, right: rightAlone[best]! },
    uniformRight: rightAlone.reduce((sum, right) => sum + right, 0) / tally.arms.length,
    arms: tally.arms.map((arm, at) => ({
      arm,
      share: whole[at]!.answered / answered,
      accuracy: whole[at]!.right / whole[at]!.answered,
      lateShare: late[at]!.answered / total(late),
      lateAccuracy: late[at]!.right / late[at]!.answered,
      alone: rightAlone[at]! / answered,
    })),
  }
}

const total = (counts: readonly ArmCount[]): number => counts.reduce((sum, { answered }) => sum + answered, 0)

const countRight = (
  arm: string,
  from: number,
  to: number,
  tally: Tally,
  { labels, truth }: Oracle,
): number => {
  const said = labels.get(arm)
  if (said === undefined) throw new Error(`The example has no model for arm ${arm}, so it cannot be compared`)
  let right = 0
  for (let index = from; index < to; index++) {
    if (tally.hasAnswer(index) && said[index] === truth[index]) right++
  }
  return right
}
