import type { ArmDelays } from './evidence.ts'
import { sharedDelayShares } from './kaplan-meier.ts'

/** An arm's pulls as far as they can be judged by now, and those that cannot yet. */
export interface CorrectedCount {
  readonly count: number
  readonly pending: number
}

/**
 * Where only successes report, the silence of a pull of age a says as much as the share F(a) of the arm's rewards
 * that would have come by now: Ñ = Σ_b pulls_b · F(age_b), and S / Ñ estimates the mean reward
 * without bias, but for what delays are uneven within a bin. F is
 * each arm's own, see `kaplan-meier.ts`.
 * C. Vernade, O. Cappé and V. Perchet, Stochastic Bandit Models for Delayed Conversions, UAI 2017.
 */
export function correctedCounts(arms: readonly ArmDelays[]): readonly CorrectedCount[] {
  const shares = sharedDelayShares(arms)
  return arms.map(({ through, exposure }, index) => {
    const count = through.reduce((total, pulls, bin) => total + pulls * shares[index]![bin]!, 0)
    const all = exposure.open.reduce((total, { pulls }) => total + pulls, exposure.closed)
    return { count, pending: Math.max(0, all - count) }
  })
}
