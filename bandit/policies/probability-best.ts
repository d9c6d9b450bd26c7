import type { BetaPosterior } from '../posterior.ts'
import { type LogitBeta, toLogitBeta } from './logit-beta.ts'
import { createPanels, rule, toPanelDensity } from './panels.ts'

const order = rule.nodes.length

/**
 * Probability, arm by arm, that its mean is the largest, for independent Beta posteriors:
 * P(k) = ∫ f_k(x) Π_{j≠k} F_j(x) dx.
 *
 * Integrated over t = ln(x / (1 − x)) on panels of 16 Gauss–Legendre nodes, each panel narrow enough for every
 * posterior that has mass in it. The F_j are integrals of the same f_j on the same nodes rather than an
 * incomplete beta function: the answers then are the exact derivative of Π F_j cut up by arm, which is why they
 * sum to 1 by themselves, and a continued fraction that fails to converge near the mean of a posterior of 10⁷
 * rewards cannot spoil them. Below `start`, where some arm has less than 10⁻¹² of its mass, the largest mean
 * cannot be, so nothing is evaluated there but how much mass the others have left behind.
 *
 * Absolute error below 10⁻⁸ for α + β from 10⁻³ to 10⁷, after which rounding adds 10⁻¹⁶ (α + β); the sum misses
 * 1 by less than 10⁻⁹ before it is divided out. An arm that is best with less than 10⁻¹² may get exactly 0.
 */
export function probabilityBest(posteriors: readonly BetaPosterior[]): Float64Array {
  const integrals = integrateBest(posteriors)
  const sum = integrals.reduce((total, integral) => total + integral, 0)
  return integrals.map((integral) => integral / sum)
}

/** The integrals as they come out, before their sum is divided out. */
export function integrateBest(posteriors: readonly BetaPosterior[]): Float64Array {
  const arms = posteriors.map(toLogitBeta)
  const start = Math.max(...arms.map((arm) => arm.from))
  // By falling end of their bulk, so that the arms a panel has to do with are always the first ones.
  const contenders = arms
    .map((arm, index) => ({ arm, index }))
    .filter(({ arm }) => arm.to > start)
    .sort((a, b) => b.arm.to - a.arm.to)
  const contending = contenders.map(({ arm }) => arm)
  const shares = sweep(contending, start)
  const answer = new Float64Array(posteriors.length)
  for (const [rank, { index }] of contenders.entries()) answer[index] = shares[rank]!
  return answer
}

/** Walks the panels from left to right with every arm's F, adding up f_k Π_{j≠k} F_j at each node. */
function sweep(arms: readonly LogitBeta[], start: number): Float64Array {
  const panels = createPanels(arms, start, arms[0]!.to)
  const densities = arms.map((arm) => toPanelDensity(arm, panels))
  const reached = Float64Array.from(densities, ({ below }) => below)
  const cdf = new Float64Array(arms.length * order)
  const product = new Float64Array(arms.length + 1)
  const shares = new Float64Array(arms.length)
  let active = arms.length
  for (const [at, panel] of panels.entries()) {
    while (arms[active - 1]!.to <= panel.from) active--
    for (let arm = 0; arm < active; arm++) {
      reached[arm] = accumulate(densities[arm]!.values, at * order, reached[arm]!, cdf, arm * order)
    }
    for (let node = 0; node < order; node++) {
      // Products from both ends instead of dividing one out, as an F may be 0; where they underflow nothing is lost.
      product[active] = 1
      for (let arm = active - 1; arm > 0; arm--) product[arm] = product[arm + 1]! * cdf[arm * order + node]!
      let before = rule.weights[node]!
      for (let arm = 0; arm < active; arm++) {
        const density = densities[arm]!.values[at * order + node]!
        shares[arm] = shares[arm]! + before * density * product[arm + 1]!
        before *= cdf[arm * order + node]!
      }
    }
  }
  return shares
}

/** Writes the cdf at the panel's nodes, given its value at the left edge; answers that at the right edge. */
function accumulate(
  values: Float64Array,
  at: number,
  reached: number,
  cdf: Float64Array,
  to: number,
): number {
  let mass = reached
  for (let node = 0; node < order; node++) {
    let sum = reached
    for (let from = 0; from < order; from++) sum += rule.cumulative[node * order + from]! * values[at + from]!
    cdf[to + node] = sum
    mass += rule.weights[node]! * values[at + node]!
  }
  return mass
}
