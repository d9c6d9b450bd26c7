import { createGaussLegendre } from './gauss-legendre.ts'
import { type LogitBeta, logSigmoid, resolves } from './logit-beta.ts'

export const rule = createGaussLegendre(16)

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
  const nodes = rule.nodes.map((node) => from + halfWidth * (1 + node))
  return {
    from,
    halfWidth,
    logX: nodes.map((t) => logSigmoid(t)),
    logRest: nodes.map((t) => logSigmoid(-t)),
  }
}

/** An arm's density at the nodes of every panel, scaled so that the rule's weights sum it to probability. */
export interface PanelDensity {
  readonly values: Float64Array
  /** Probability to the left of the first panel. */
  readonly below: number
}

/** Its own integral is what the density is divided by: no normalising constant that could disagree with it. */
export function toPanelDensity(arm: LogitBeta, panels: readonly Panel[]): PanelDensity {
  const start = panels[0]!.from
  const values = evaluate(arm, panels)
  const above = integral(values)
  const below = arm.from < start ? integral(evaluate(arm, createPanels([arm], arm.from, start))) : 0
  const total = above + below
  return { values: values.map((value) => value / total), below: below / total }
}

function evaluate({ alpha, beta, peak, to }: LogitBeta, panels: readonly Panel[]): Float64Array {
  const values = new Float64Array(panels.length * rule.nodes.length)
  let at = 0
  for (const { from, halfWidth, logX, logRest } of panels) {
    if (from >= to) break
    for (let node = 0; node < logX.length; node++) {
      values[at++] = halfWidth * Math.exp(alpha * logX[node]! + beta * logRest[node]! - peak)
    }
  }
  return values
}

function integral(values: Float64Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += rule.weights[at % rule.weights.length]! * values[at]!
  return sum
}
