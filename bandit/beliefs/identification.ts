import { bernoulliKl } from './kl.ts'
import type { ArmBelief } from '../policies/policy.ts'

export const thresholdNames = ['usual', 'proven'] as const

export interface StopRule {
  /** 1 − δ: the chance, at least, that the arm called best is. */
  readonly confidence: number
  /** See `identify`. */
  readonly threshold: (typeof thresholdNames)[number]
}

/** How far the search for the best arm is; it is found when the statistic has passed the threshold. */
export interface Identification {
  /** The arm with the greatest mean; absent while several share it. */
  readonly leader?: string
  readonly statistic: number
  readonly threshold: number
  readonly decided: boolean
}

/**
 * Whether the best arm is known with confidence 1 − δ, by the generalised likelihood ratio: the arm a with the
 * greatest mean has been told apart from every other arm b once
 *
 *     min_b [ n_a kl(μ_a, μ_ab) + n_b kl(μ_b, μ_ab) ] > β(t, δ),   μ_ab = (n_a μ_a + n_b μ_b) / (n_a + n_b),
 *
 * t rewards in all. It may be asked after every reward without the error adding up, and whatever policy played.
 * A. Garivier and E. Kaufmann, Optimal Best Arm Identification with Fixed Confidence, COLT 2016: `proven` is
 * β = ln(2 t (K − 1) / δ), theorem 10; `usual` is ln((ln t + 1) / δ), which they experiment with and which errs far
 * less than δ. Rewards in [0, 1] that all weigh the same.
 */
export function identify(
  arms: readonly ArmBelief[],
  { confidence, threshold: name }: StopRule,
): Identification {
  const means = arms.map(({ count, sum }) => (count > 0 ? sum / count : Number.NaN))
  const greatest = Math.max(...means.filter((mean) => !Number.isNaN(mean)))
  const leaders = arms.filter((_, at) => means[at] === greatest)
  const total = Math.max(
    1,
    arms.reduce((sum, { count }) => sum + count, 0),
  )
  const threshold = thresholdAt(total, arms.length, 1 - confidence, name)
  const [leader] = leaders
  if (leader === undefined || leaders.length > 1) return { statistic: 0, threshold, decided: false }
  const others = arms.filter((arm) => arm !== leader)
  const statistic = Math.min(...others.map((other) => evidence(leader, other)))
  return { leader: leader.name, statistic, threshold, decided: statistic > threshold }
}

/** n_a kl(μ_a, μ_ab) + n_b kl(μ_b, μ_ab) in nats: 0 without rewards of both. */
function evidence(a: ArmBelief, b: ArmBelief): number {
  if (a.count <= 0 || b.count <= 0) return 0
  const both = (a.sum + b.sum) / (a.count + b.count)
  return a.count * bernoulliKl(a.sum / a.count, both) + b.count * bernoulliKl(b.sum / b.count, both)
}

function thresholdAt(total: number, arms: number, risk: number, name: StopRule['threshold']): number {
  return name === 'proven'
    ? Math.log((2 * total * (arms - 1)) / risk)
    : Math.log((Math.log(total) + 1) / risk)
}
