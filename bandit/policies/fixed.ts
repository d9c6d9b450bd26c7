import type { Policy } from './policy.ts'

export interface FixedSettings {
  /** Arm → weight, 0 or more; an arm that is not named has 0. */
  readonly weights?: Readonly<Record<string, number>> | undefined
}

/**
 * The shares that were asked for, whatever was learned: p(k) = w_k / Σ w over the arms that can answer. Where none of
 * those has a weight they share equally.
 */
export function createFixed({ weights = {} }: FixedSettings = {}): Policy {
  return {
    name: 'fixed',
    usesPending: false,
    distribution(arms) {
      const own = Float64Array.from(arms, ({ name }) => weights[name] ?? 0)
      const total = own.reduce((sum, weight) => sum + weight, 0)
      return own.map((weight) => (total > 0 ? weight / total : 1 / arms.length))
    },
  }
}
