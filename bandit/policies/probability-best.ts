import type { BetaPosterior } from '../posterior.ts'
import { type LogitBeta, toLogitBeta } from './logit-beta.ts'
import { createPanels, cumulate, densityOn, massOf, order, type Panel, weights } from './panels.ts'

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

/** Σ over the nodes of weight · f_k · Π_{j≠k} F_j, for arms by falling end of their bulk. */
function sweep(arms: readonly LogitBeta[], start: number): Float64Array {
  const panels = createPanels(arms, start, arms[0]!.to)
  const curves = arms.map((arm) => toCurve(arm, panels))
  const shares = new Float64Array(arms.length)
  const after = new Float64Array(arms.length + 1)
  let active = arms.length
  for (const [at, panel] of panels.entries()) {
    while (arms[active - 1]!.to <= panel.from) active--
    for (let node = 0; node < order; node++) {
      const point = at * order + node
      // Products from both ends, as an F to divide out may be 0. Where they underflow nothing is lost.
      after[active] = 1
      for (let arm = active - 1; arm > 0; arm--) after[arm] = after[arm + 1]! * curves[arm]!.cdf[point]!
      let before = weights[node]!
      for (let arm = 0; arm < active; arm++) {
        const { density, cdf } = curves[arm]!
        shares[arm] = shares[arm]! + before * density[point]! * after[arm + 1]!
        before *= cdf[point]!
      }
    }
  }
  return shares
}

/** f and F of an arm at every node. F is the integral of f, divided by its own total and by no constant. */
function toCurve(arm: LogitBeta, panels: readonly Panel[]): { density: Float64Array; cdf: Float64Array } {
  const start = panels[0]!.from
  const density = densityOn(
    panels.filter(({ from }) => from < arm.to),
    arm,
  )
  const below = arm.from < start ? massOf(densityOn(createPanels([arm], arm.from, start), arm)) : 0
  const total = below + massOf(density)
  for (let at = 0; at < density.length; at++) density[at] = density[at]! / total
  return { density, cdf: cumulate(density, below / total) }
}
