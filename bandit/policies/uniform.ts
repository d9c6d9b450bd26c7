import type { Policy } from './policy.ts'

/** Every arm alike, whatever was learned: p(k) = 1 / K. */
export function createUniform(): Policy {
  return {
    name: 'uniform',
    usesPending: false,
    distribution: (arms) => new Float64Array(arms.length).fill(1 / arms.length),
  }
}
