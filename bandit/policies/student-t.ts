import { integrateLargest, type Largest } from './integrate-largest.ts'
import { type Family, order, pointAt, type PointPanel, toPointPanel } from './panels.ts'

/** location + scale · T, T of Student's t distribution; scale and degrees of freedom above 0. */
export interface StudentT {
  readonly location: number
  readonly scale: number
  readonly degrees: number
}

interface Arm extends StudentT {
  readonly from: number
  readonly to: number
}

/**
 * Probability, arm by arm, that its mean is the largest, for independent Student-t posteriors; by the quadrature of
 * `probabilityBest`, here over the mean itself. Absolute error below 10⁻⁸ for two or more degrees of freedom.
 */
export function probabilityLargest(posteriors: readonly StudentT[]): Float64Array {
  return largestOf(posteriors).probabilities
}

/**
 * With what the largest is expected to be, for more than one degree of freedom. What lies beyond the bulk is left out:
 * at two degrees 10⁻⁵ scales, and less and less with every reward.
 */
export function largestOf(posteriors: readonly StudentT[]): Largest {
  return integrateLargest(studentTs, posteriors.map(toArm))
}

/** Mass that may lie beyond each end of the bulk. */
const tail = 5e-11

function toArm({ location, scale, degrees }: StudentT): Arm {
  if (!(scale > 0 && degrees > 0 && Number.isFinite(location))) {
    throw new RangeError(`Student t at ${location}, scale ${scale}, ${degrees} degrees of freedom`)
  }
  const reach = scale * tailReach(degrees)
  return { location, scale, degrees, from: location - reach, to: location + reach }
}

/**
 * A t with P(T > t) < 10⁻¹⁰, by bisection on a bound: beyond t the density falls at least as t^−(ν+1) does, so
 * P(T > t) ≤ f(t) · (ν + t²) / (ν t), which holds with f(0) ≤ 0.4 for every ν.
 */
function tailReach(degrees: number): number {
  const logTail = (t: number) =>
    Math.log(0.4) -
    ((degrees + 1) / 2) * Math.log1p((t * t) / degrees) +
    Math.log((degrees + t * t) / (degrees * t))
  let [low, high] = [0, 1]
  while (logTail(high) > Math.log(tail)) [low, high] = [high, 2 * high]
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2
    if (logTail(middle) > Math.log(tail)) low = middle
    else high = middle
  }
  return high
}

/** Widest panel, by how much the density bends where the panel comes closest to the location. */
const widestPanel = 3
/** Most that the log density may rise or fall along a panel. */
const steepestPanel = 12

/** The log density bends most at the location and by less and less on its flanks, as does how fast it falls there. */
function resolves({ location, scale, degrees, ...bulk }: Arm, from: number, to: number): boolean {
  const left = Math.max(from, bulk.from)
  const right = Math.min(to, bulk.to)
  if (left >= right) return true
  const width = (to - from) / scale
  const near = Math.max(0, left - location, location - right) / scale
  const far = Math.max(location - left, right - location) / scale
  if (width > widestPanel * Math.sqrt((degrees + near * near) / (degrees + 1))) return false
  const steepest = Math.min(far, Math.max(near, Math.sqrt(degrees)))
  return (width * (degrees + 1) * steepest) / (degrees + steepest * steepest) <= steepestPanel
}

/** Relative to a density of 1 at the location. */
function evaluate(
  density: Float64Array,
  at: number,
  { halfWidth, points }: PointPanel,
  { location, scale, degrees }: Arm,
): void {
  const power = -(degrees + 1) / 2
  for (let node = 0; node < order; node++) {
    const t = (points[node]! - location) / scale
    density[at + node] = halfWidth * Math.exp(power * Math.log1p((t * t) / degrees))
  }
}

const studentTs: Family<Arm, PointPanel> = {
  toPanel: toPointPanel,
  resolves,
  valueAt: pointAt,
  evaluate,
}
