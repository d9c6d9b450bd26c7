/**
 * What an arm has learned of rewards as a linear function of the context x, as sums that only ever get added to:
 * the upper triangle of Σ w x xᵀ, row by row, and Σ w r x.
 *
 * Features come in whole thousandths. With z = √w · x rounded to thousandths again, a reward enters as z zᵀ and
 * √w · r · z in whole micro-units, √w · r being the reward as a row of weighted least squares has it. The first is
 * exact, so Σ z zᵀ is a true Gram matrix in any order of arrival, and with a ridge always positive definite; the
 * second is rounded, always in the same way, so that it can be taken back to the last bit. 4·10⁹ rewards fit in
 * one epoch.
 */
export interface LinearSums {
  readonly dimension: number
  /** Upper triangle of Σ w x xᵀ, row by row. */
  readonly gram: Float64Array
  /** Σ w r x */
  readonly moment: Float64Array
}

const micro = 1e6
const milli = 1e3

/** Numbers that the sums over contexts of this dimension take. */
export function linearLength(dimension: number): number {
  return triangle(dimension) + dimension
}

/** What one reward adds: the triangle, then the moment, in whole micro-units. */
export function linearDelta(features: Float64Array, rewardMicro: number, weight: number): Float64Array {
  const dimension = features.length
  const root = Math.sqrt(weight)
  const z = features.map((feature) => Math.round(milli * root * feature))
  const delta = new Float64Array(linearLength(dimension))
  let at = 0
  for (let row = 0; row < dimension; row++)
    for (let column = row; column < dimension; column++) delta[at++] = z[row]! * z[column]!
  for (let row = 0; row < dimension; row++) delta[at++] = Math.round((root * rewardMicro * z[row]!) / milli)
  return delta
}

/** The sums of an arm in natural units, which start at `from` in its vectors; each epoch times its weight. */
export function weighLinear(
  epochs: ReadonlyMap<number, Float64Array>,
  weightOf: (epoch: number) => number,
  { from, dimension }: { readonly from: number; readonly dimension: number },
): LinearSums {
  const total = new Float64Array(linearLength(dimension))
  for (const [epoch, sums] of epochs) {
    const scale = weightOf(epoch) / micro
    if (scale > 0)
      for (let at = 0; at < total.length; at++) total[at] = total[at]! + (sums[from + at] ?? 0) * scale
  }
  const end = triangle(dimension)
  return { dimension, gram: total.subarray(0, end), moment: total.subarray(end) }
}

/** The average of all contexts that were rewarded; before the first one, 1 and nothing else. */
export function averageFeatures(arms: readonly LinearSums[]): Float64Array {
  const dimension = arms[0]?.dimension ?? 1
  const average = new Float64Array(dimension)
  // The first feature is always 1, so the first row of the triangle is Σ w x.
  for (const { gram } of arms) for (let at = 0; at < dimension; at++) average[at] = average[at]! + gram[at]!
  const count = average[0]!
  if (count > 0) return average.map((sum) => sum / count)
  average[0] = 1
  return average
}

function triangle(dimension: number): number {
  return (dimension * (dimension + 1)) / 2
}
