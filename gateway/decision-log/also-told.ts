import type { DecisionLog } from './decision-log.ts'

type Listener = Pick<DecisionLog, 'decided'>

/** Tells both; undefined where there is nobody to tell. */
export function alsoTold(first: Listener | undefined, second: Listener | undefined): Listener | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return {
    decided(decision, facts) {
      first.decided(decision, facts)
      second.decided(decision, facts)
    },
  }
}
