import { createGaussLegendre } from './gauss-legendre.ts'

/** Nodes in a panel. */
export const order = 16
const { nodes, weights, cumulative } = createGaussLegendre(order)
export { weights }

/** A stretch of the line that is integrated over. */
export interface Panel {
  readonly from: number
  readonly halfWidth: number
}

/** Where a density has its mass: outside [from, to] lies less than 10⁻¹⁰ of it. */
export interface Bulk {
  readonly from: number
  readonly to: number
}

/** A kind of densities on one line, all with their own place and width. */
export interface Family<Arm extends Bulk, P extends Panel> {
  /** The panel from `from` to `to` with what every density of the family needs at its nodes. */
  toPanel(this: void, from: number, to: number): P
  /**
   * Whether the 16 nodes of a panel [from, to] can follow the arm's density there. True of a panel is true of
   * every part of it.
   */
  resolves(this: void, arm: Arm, from: number, to: number): boolean
  /** The variable itself at a node, whatever the line is that is integrated over. */
  valueAt(this: void, panel: P, node: number): number
  /** Half the panel's width times the density at a node, up to a constant of the arm. */
  evaluate(this: void, density: Float64Array, at: number, panel: P, arm: Arm): void
}

/** Halves [from, to] until every panel is narrow enough for each of the arms. */
export function createPanels<Arm extends Bulk, P extends Panel>(
  family: Family<Arm, P>,
  arms: readonly Arm[],
  from: number,
  to: number,
): P[] {
  const unresolved = arms.filter((arm) => !family.resolves(arm, from, to))
  if (unresolved.length === 0) return [family.toPanel(from, to)]
  const middle = (from + to) / 2
  return [...createPanels(family, unresolved, from, middle), ...createPanels(family, unresolved, middle, to)]
}

/** The 16 points of a panel. */
export function pointsOf(from: number, to: number): Float64Array {
  const halfWidth = (to - from) / 2
  return nodes.map((node) => from + halfWidth * (1 + node))
}

/** A panel of densities that are given over the line itself. */
export interface PointPanel extends Panel {
  readonly points: Float64Array
}

export function pointAt({ points }: PointPanel, node: number): number {
  return points[node]!
}

export function toPointPanel(from: number, to: number): PointPanel {
  return { from, halfWidth: (to - from) / 2, points: pointsOf(from, to) }
}

/** The arm's density at the nodes of every panel, so that the rule's weights sum it to the mass there. */
export function densityOn<Arm extends Bulk, P extends Panel>(
  family: Family<Arm, P>,
  panels: readonly P[],
  arm: Arm,
): Float64Array {
  const density = new Float64Array(panels.length * order)
  for (const [index, panel] of panels.entries()) family.evaluate(density, index * order, panel, arm)
  return density
}

/** Integral of the density over its panels. */
export function massOf(density: Float64Array): number {
  let mass = 0
  for (let at = 0; at < density.length; at += order) mass += panelMass(density, at)
  return mass
}

/** `below` plus the integral of the density from the first panel's left edge to each node. */
export function cumulate(density: Float64Array, below: number): Float64Array {
  const cdf = new Float64Array(density.length)
  let reached = below
  for (let at = 0; at < density.length; at += order) {
    for (let node = 0; node < order; node++) {
      let sum = reached
      for (let from = 0; from < order; from++) sum += cumulative[node * order + from]! * density[at + from]!
      cdf[at + node] = sum
    }
    reached += panelMass(density, at)
  }
  return cdf
}

function panelMass(density: Float64Array, at: number): number {
  let mass = 0
  for (let node = 0; node < order; node++) mass += weights[node]! * density[at + node]!
  return mass
}
