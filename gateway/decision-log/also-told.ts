import type { DecisionLog } from './decision-log.ts'

export type DecisionListener = Pick<DecisionLog, 'decided'> & Partial<Pick<DecisionLog, 'labelled'>>

/** Tells both; undefined where there is nobody to tell. */
export function alsoTold(
  first: DecisionListener | undefined,
  second: DecisionListener | undefined,
): DecisionListener | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return {
    decided(decision, facts) {
      first.decided(decision, facts)
      second.decided(decision, facts)
    },
    labelled(decision, labels) {
      first.labelled?.(decision, labels)
      second.labelled?.(decision, labels)
    },
  }
}
