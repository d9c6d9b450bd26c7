import {
  type Bulk,
  createPanels,
  cumulate,
  densityOn,
  type Family,
  massOf,
  order,
  type Panel,
  weights,
} from './panels.ts'

/** What is known of the largest of several independent variables. */
export interface Largest {
  /** P(X_k = max X), arm by arm; they sum to 1. */
  readonly probabilities: Float64Array
  /** E[max X] */
  readonly mean: number
  /** What the integrals summed to before it was divided out: 1, but for rounding and what lies beyond the bulks. */
  readonly mass: number
}

/**
 * P(k) = ∫ f_k(x) Π_{j≠k} F_j(x) dx for independent variables of one family, and the mean of the largest, the same
 * integrals of x. How it is integrated and how exactly is told at `probabilityBest`.
 */
export function integrateLargest<Arm extends Bulk, P extends Panel>(
  family: Family<Arm, P>,
  arms: readonly Arm[],
): Largest {
  const start = Math.max(...arms.map((arm) => arm.from))
  // By falling end of their bulk, so that the arms a panel has to do with are always the first ones.
  const contenders = arms
    .map((arm, index) => ({ arm, index }))
    .filter(({ arm }) => arm.to > start)
    .sort((a, b) => b.arm.to - a.arm.to)
  const contending = contenders.map(({ arm }) => arm)
  const { shares, moment } = sweep(family, contending, start)
  const mass = shares.reduce((total, share) => total + share, 0)
  const probabilities = new Float64Array(arms.length)
  for (const [rank, { index }] of contenders.entries()) probabilities[index] = shares[rank]! / mass
  return { probabilities, mean: moment / mass, mass }
}

/**
 * Σ over the nodes of weight · f_k · Π_{j≠k} F_j, for arms by falling end of their bulk, and of that times the value
 * there, over all arms.
 */
function sweep<Arm extends Bulk, P extends Panel>(
  family: Family<Arm, P>,
  arms: readonly Arm[],
  start: number,
): { readonly shares: Float64Array; readonly moment: number } {
  const panels = createPanels(family, arms, start, arms[0]!.to)
  const curves = arms.map((arm) => toCurve(family, arm, panels))
  const shares = new Float64Array(arms.length)
  const after = new Float64Array(arms.length + 1)
  let active = arms.length
  let moment = 0
  for (const [at, panel] of panels.entries()) {
    while (arms[active - 1]!.to <= panel.from) active--
    for (let node = 0; node < order; node++) {
      const point = at * order + node
      // Products from both ends, as an F to divide out may be 0. Where they underflow nothing is lost.
      after[active] = 1
      for (let arm = active - 1; arm > 0; arm--) after[arm] = after[arm + 1]! * curves[arm]!.cdf[point]!
      let before = weights[node]!
      let here = 0
      for (let arm = 0; arm < active; arm++) {
        const { density, cdf } = curves[arm]!
        const share = before * density[point]! * after[arm + 1]!
        shares[arm] = shares[arm]! + share
        here += share
        before *= cdf[point]!
      }
      moment += here * family.valueAt(panel, node)
    }
  }
  return { shares, moment }
}

/** f and F of an arm at every node. F is the integral of f, divided by its own total and by no constant. */
function toCurve<Arm extends Bulk, P extends Panel>(
  family: Family<Arm, P>,
  arm: Arm,
  panels: readonly P[],
): { density: Float64Array; cdf: Float64Array } {
  const start = panels[0]!.from
  const reached = panels.filter(({ from }) => from < arm.to)
  const density = densityOn(family, reached, arm)
  const left = arm.from < start ? createPanels(family, [arm], arm.from, start) : []
  const below = massOf(densityOn(family, left, arm))
  const total = below + massOf(density)
  for (let at = 0; at < density.length; at++) density[at] = density[at]! / total
  return { density, cdf: cumulate(density, below / total) }
}
