import type { BetaPosterior } from '../beliefs/posterior.ts'
import { type Family, order, type Panel, pointsOf } from './panels.ts'

/**
 * A Beta(α, β) variable x seen through t = ln(x / (1 − x)). There its density ∝ x^α (1 − x)^β is smooth and
 * log-concave on the whole line for every α, β > 0: no pole at 0 or 1 and no underflow next to them.
 */
export interface LogitBeta {
  readonly alpha: number
  readonly beta: number
  /** Log of the unnormalised density at its mode. */
  readonly peak: number
  /** Outside [from, to] lies less than 10⁻¹⁰ of the mass. */
  readonly from: number
  readonly to: number
}

/** How far the log density has dropped below the peak where the bulk ends: e⁻²⁴ ≈ 4 · 10⁻¹¹. */
const bulkDrop = 24
/** Beyond, a double can no longer tell the two ends of the bulk apart well enough. */
const sharpest = 1e12

/** RangeError unless both parameters are above 0 and their sum is at most 10¹². */
export function toLogitBeta({ alpha, beta }: BetaPosterior): LogitBeta {
  if (!(alpha > 0 && beta > 0 && alpha + beta <= sharpest)) {
    throw new RangeError(`Beta(${alpha}, ${beta}): both must be above 0 and their sum at most ${sharpest}`)
  }
  const mode = Math.log(alpha / beta)
  const peak = alpha * logSigmoid(mode) + beta * logSigmoid(-mode)
  const reach = Math.sqrt(2 * bulkDrop * (1 / alpha + 1 / beta))
  const bulkEnd = (guess: number): number => newtonToDrop(alpha, beta, peak, guess)
  return { alpha, beta, peak, from: bulkEnd(mode - reach), to: bulkEnd(mode + reach) }
}

/** On a concave function Newton's steps stay beyond the root from the first one on, so stopping early is safe. */
function newtonToDrop(alpha: number, beta: number, peak: number, guess: number): number {
  let t = guess
  for (let step = 0; step < 50; step++) {
    const height = alpha * logSigmoid(t) + beta * logSigmoid(-t) - peak + bulkDrop
    if (height <= 0 && height > -1) break
    t -= height / climb(alpha, beta, t)
  }
  return t
}

/** Slope of the log density. */
function climb(alpha: number, beta: number, t: number): number {
  return alpha * sigmoid(-t) - beta * sigmoid(t)
}

/** ln x; ln(1 − x) is logSigmoid(−t). */
function logSigmoid(t: number): number {
  return t < 0 ? t - Math.log1p(Math.exp(t)) : -Math.log1p(Math.exp(-t))
}

function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-t))
}

/** Widest panel, in standard deviations where the density bends most. */
const widestPanel = 3
/** Most that the log density may rise or fall along a panel. */
const steepestPanel = 12
/**
 * Where the log density leaves its straight tail it bends like eᵗ, with singularities at t = ±iπ however small
 * α + β. A panel wider than this would step over it, unless there is nothing yet to see of it.
 */
const widestBentPanel = 8
const negligibleBend = 1e-9

function resolves(arm: LogitBeta, from: number, to: number): boolean {
  const left = Math.max(from, arm.from)
  const right = Math.min(to, arm.to)
  if (left >= right) return true
  const width = to - from
  // The log density bends by (α + β) x (1 − x), most where x comes closest to ½.
  const closest = Math.min(Math.max(0, left), right)
  const bend = (arm.alpha + arm.beta) * sigmoid(closest) * sigmoid(-closest)
  if (width * Math.sqrt(bend) > widestPanel) return false
  if (width > widestBentPanel && bend > negligibleBend) return false
  const steepest = Math.max(climb(arm.alpha, arm.beta, left), -climb(arm.alpha, arm.beta, right))
  return width * steepest <= steepestPanel
}

/** A panel with ln x and ln(1 − x) at its nodes, which every arm needs. */
interface LogPanel extends Panel {
  readonly logX: Float64Array
  readonly logRest: Float64Array
}

function toPanel(from: number, to: number): LogPanel {
  const logX = new Float64Array(order)
  const logRest = new Float64Array(order)
  for (const [node, t] of pointsOf(from, to).entries()) {
    const nearer = Math.log1p(Math.exp(-Math.abs(t)))
    logX[node] = Math.min(0, t) - nearer
    logRest[node] = Math.min(0, -t) - nearer
  }
  return { from, halfWidth: (to - from) / 2, logX, logRest }
}

/** Relative to a density of 1 at the mode. */
function evaluate(
  density: Float64Array,
  at: number,
  { halfWidth, logX, logRest }: LogPanel,
  { alpha, beta, peak }: LogitBeta,
): void {
  for (let node = 0; node < order; node++) {
    density[at + node] = halfWidth * Math.exp(alpha * logX[node]! + beta * logRest[node]! - peak)
  }
}

function valueAt({ logX }: LogPanel, node: number): number {
  return Math.exp(logX[node]!)
}

export const logitBetas: Family<LogitBeta, LogPanel> = { toPanel, resolves, valueAt, evaluate }
