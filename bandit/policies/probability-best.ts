import type { BetaPosterior } from '../beliefs/posterior.ts'
import { integrateLargest, type Largest } from './integrate-largest.ts'
import { logitBetas, toLogitBeta } from './logit-beta.ts'

/**
 * Probability, arm by arm, that its mean is the largest, for independent Beta posteriors:
 * P(k) = ∫ f_k(x) Π_{j≠k} F_j(x) dx.
 *
 * Integrated over t = ln(x / (1 − x)) on panels of 16 Gauss–Legendre nodes, each panel narrow enough for every
 * posterior with mass in it. The F_j are integrals of the same f_j at the same nodes rather than incomplete beta
 * functions. So the integrands add up to the derivative of Π F_j and the answers to 1, and no continued fraction
 * is needed, which near the mean of a posterior of 10⁷ rewards takes too many terms to converge. Left of `start`,
 * where some arm has less than 10⁻¹⁰ of its mass, the largest mean cannot be: all that is needed from there is
 * how much mass the others left behind.
 *
 * Absolute error below 10⁻⁸ for α and β from 10⁻³ to 10⁷, and about 10⁻¹⁶ (α + β) where rounding takes over above;
 * the sum misses 1 by less than 10⁻⁹ before it is divided out. An arm that is best with less than 10⁻¹⁰ may get
 * exactly 0.
 */
export function probabilityBest(posteriors: readonly BetaPosterior[]): Float64Array {
  return bestOf(posteriors).probabilities
}

/** With what the largest mean is expected to be, E[max_k θ_k] = Σ_k ∫ x f_k(x) Π_{j≠k} F_j(x) dx, as exactly. */
export function bestOf(posteriors: readonly BetaPosterior[]): Largest {
  return integrateLargest(logitBetas, posteriors.map(toLogitBeta))
}
