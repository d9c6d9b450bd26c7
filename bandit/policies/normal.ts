import { integrateLargest } from './integrate-largest.ts'
import { type Bulk, type Family, order, pointAt, type PointPanel, toPointPanel } from './panels.ts'

/** Deviation above 0. */
export interface Normal {
  readonly mean: number
  readonly deviation: number
}

type Arm = Normal & Bulk

/**
 * Probability, arm by arm, that it is the largest, for independent normal variables; by the quadrature of
 * `probabilityBest`. Absolute error below 10⁻⁸.
 */
export function probabilityLargestNormal(normals: readonly Normal[]): Float64Array {
  return integrateLargest(normalFamily, normals.map(toArm)).probabilities
}

/** Beyond so many deviations lie less than 5 · 10⁻¹¹ on either side. */
const reach = 6.5

function toArm({ mean, deviation }: Normal): Arm {
  if (!(deviation > 0 && Number.isFinite(mean + deviation)))
    throw new RangeError(`Normal around ${mean} with deviation ${deviation}`)
  return { mean, deviation, from: mean - reach * deviation, to: mean + reach * deviation }
}

/** Widest panel in deviations; 16 nodes follow the density within 10⁻¹⁰ there, however steep its flank is. */
const widestPanel = 3

function resolves({ deviation, ...bulk }: Arm, from: number, to: number): boolean {
  return to <= bulk.from || from >= bulk.to || to - from <= widestPanel * deviation
}

/** Relative to a density of 1 at the mean. */
function evaluate(
  density: Float64Array,
  at: number,
  { halfWidth, points }: PointPanel,
  { mean, deviation }: Arm,
): void {
  for (let node = 0; node < order; node++) {
    const t = (points[node]! - mean) / deviation
    density[at + node] = halfWidth * Math.exp(-0.5 * t * t)
  }
}

const normalFamily: Family<Arm, PointPanel> = {
  toPanel: toPointPanel,
  resolves,
  valueAt: pointAt,
  evaluate,
}
