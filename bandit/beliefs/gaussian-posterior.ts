import type { ArmBelief } from '../policies/policy.ts'
import type { StudentT } from '../policies/student-t.ts'
import { betaQuantile } from './posterior.ts'

export interface GaussianPrior {
  /** Where an arm's mean reward is thought to be, and how many rewards that is worth. */
  readonly mean: number
  readonly mass: number
  /** Standard deviation of one reward; worth two rewards. */
  readonly deviation: number
}

export const vagueGaussian: GaussianPrior = { mean: 0.5, mass: 2, deviation: 0.25 }

/** Shape of the inverse-gamma prior of the variance: with 1 the mean has a variance only after a reward. */
const priorShape = 1

/**
 * What is believed of the mean μ of rewards r ~ N(μ, σ²) with neither known, under the normal-inverse-gamma prior
 * σ² ~ InvGamma(a₀, a₀ s²), μ ~ N(m₀, σ² / κ₀). After n rewards
 *
 *     κ = κ₀ + n    m = (κ₀ m₀ + Σr) / κ    a = a₀ + n/2    b = a₀ s² + ½ (S + κ₀ n (r̄ − m₀)² / κ),
 *
 * S = Σr² − n r̄² being how far the rewards lie from their mean r̄, and μ is Student t with 2a degrees of freedom
 * around m with scale √(b / (a κ)). K. P. Murphy, Conjugate Bayesian Analysis of the Gaussian Distribution (2007).
 */
export function gaussianPosterior(
  belief: Pick<ArmBelief, 'count' | 'sum' | 'sumOfSquares'>,
  prior: GaussianPrior = vagueGaussian,
): StudentT {
  const count = Math.max(0, belief.count)
  const average = count > 0 ? belief.sum / count : prior.mean
  const scatter = Math.max(0, belief.sumOfSquares - count * average * average)
  const mass = prior.mass + count
  const shape = priorShape + count / 2
  const surprise = (prior.mass * count * (average - prior.mean) ** 2) / mass
  const rate = priorShape * prior.deviation ** 2 + (scatter + surprise) / 2
  return {
    location: (prior.mass * prior.mean + count * average) / mass,
    scale: Math.sqrt(rate / (shape * mass)),
    degrees: 2 * shape,
  }
}

/**
 * The value below which the variable lies with probability `p`, 0 < p < 1:
 * ν / (ν + T²) is Beta(ν/2, ½) distributed, whose quantile at 2p gives the lower half.
 */
export function studentQuantile({ location, scale, degrees }: StudentT, p: number): number {
  const tail = Math.min(p, 1 - p)
  const x = betaQuantile({ alpha: degrees / 2, beta: 0.5 }, 2 * tail)
  const reach = Math.sqrt((degrees * (1 - x)) / x)
  return location + (p < 0.5 ? -1 : 1) * scale * reach
}
