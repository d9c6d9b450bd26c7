import { createGaussLegendre } from './gauss-legendre.ts'
import { type LogitBeta, resolves } from './logit-beta.ts'

/** Nodes in a panel. */
export const order = 16
const { nodes, weights, cumulative } = createGaussLegendre(order)
export { weights }

/** A stretch of t = ln(x / (1 − x)) with ln x and ln(1 − x) at its Gauss–Legendre nodes, shared by every arm. */
export interface Panel {
  readonly from: number
  readonly halfWidth: number
  readonly logX: Float64Array
  readonly logRest: Float64Array
}

/** Halves [from, to] until every panel is narrow enough for each of the arms. */
export function createPanels(arms: readonly LogitBeta[], from: number, to: number): Panel[] {
  const unresolved = arms.filter((arm) => !resolves(arm, from, to))
  if (unresolved.length === 0) return [toPanel(from, to)]
  const middle = (from + to) / 2
  return [...createPanels(unresolved, from, middle), ...createPanels(unresolved, middle, to)]
}

function toPanel(from: number, to: number): Panel {
  const halfWidth = (to - from) / 2
  const logX = new Float64Array(order)
  const logRest = new Float64Array(order)
  for (let node = 0; node < order; node++) {
    const t = from + halfWidth * (1 + nodes[node]!)
    const nearer = Math.log1p(Math.exp(-Math.abs(t)))
    logX[node] = Math.min(0, t) - nearer
    logRest[node] = Math.min(0, -t) - nearer
  }
  return { from, halfWidth, logX, logRest }
}

/**
 * The arm's density at the nodes of every panel, so that the rule's weights sum it to the mass there relative to
 * a density of 1 at the mode.
 */
export function densityOn(panels: readonly Panel[], { alpha, beta, peak }: LogitBeta): Float64Array {
  const density = new Float64Array(panels.length * order)
  let at = 0
  for (const { halfWidth, logX, logRest } of panels) {
    for (let node = 0; node < order; node++) {
      density[at++] = halfWidth * Math.exp(alpha * logX[node]! + beta * logRest[node]! - peak)
    }
  }
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
