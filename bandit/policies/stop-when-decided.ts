import { identify, type StopRule } from '../beliefs/identification.ts'
import type { Policy } from './policy.ts'

/**
 * Plays as `policy` does until the best of the arms that can answer is known; then that arm alone. Should later rewards
 * speak against it, the search goes on.
 */
export function createStopWhenDecided(policy: Policy, rule: StopRule): Policy {
  return {
    name: policy.name,
    usesPending: policy.usesPending,
    ...(policy.usesContext === true && { usesContext: true }),
    distribution(arms, features) {
      const { leader, decided } = identify(arms, rule)
      if (!decided) return policy.distribution(arms, features)
      return Float64Array.from(arms, ({ name }) => (name === leader ? 1 : 0))
    },
  }
}
