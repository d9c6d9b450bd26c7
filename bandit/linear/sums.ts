/**
 * What an arm has learned of rewards as a linear function of the context x, as sums that only ever get added to:
 * the upper triangle of Σ w x xᵀ, row by row, and Σ w r x.
 *
 * Features come in whole thousandths. A reward of weight w enters as a row of weighted least squares: with
 * z = √w · x rounded to thousandths and ρ = √w · r rounded to ten-thousandths, as z zᵀ in whole millionths and ρ z in
 * whole ten-millionths. Both products are exact. So the first sum is a true Gram matrix, with a ridge always positive
 * definite; the second lies in its span, as rounding that adds up over many rewards would not, and then stand for
 * large weights where little is known; and either is the same to the last bit in any order of arrival, whatever is
 * taken back on the way. At least 4·10⁸ rewards fit in one epoch.
 */
export interface LinearSums {
  readonly dimension: number
  /** Upper triangle of Σ w x xᵀ, row by row. */
  readonly gram: Float64Array
  /** Σ w r x */
  readonly moment: Float64Array
}

/** Units in 1 of a feature and of a reward. */
const featureUnits = 1e3
const rewardUnits = 1e4
const micro = 1e6

/** Numbers that the sums over contexts of this dimension take. */
export function linearLength(dimension: number): number {
  return triangle(dimension) + dimension
}

/** What one reward adds: the triangle in whole millionths, then the moment in whole ten-millionths. */
export function linearDelta(features: Float64Array, rewardMicro: number, weight: number): Float64Array {
  const dimension = features.length
  const root = Math.sqrt(weight)
  const z = features.map((feature) => Math.round(featureUnits * root * feature))
  const target = Math.round((rewardUnits * root * rewardMicro) / micro)
  const delta = new Float64Array(linearLength(dimension))
  let at = 0
  for (let row = 0; row < dimension; row++)
    for (let column = row; column < dimension; column++) delta[at++] = z[row]! * z[column]!
  for (let row = 0; row < dimension; row++) delta[at++] = target * z[row]!
  return delta
}

/** Sums in natural units as `linearDelta` has them, each times `weight`. */
export function linearUnits({ gram, moment }: LinearSums, weight: number): Float64Array {
  const all = new Float64Array(gram.length + moment.length)
  all.set(gram.map((sum) => sum * weight * featureUnits ** 2))
  all.set(
    moment.map((sum) => sum * weight * featureUnits * rewardUnits),
    gram.length,
  )
  return all
}

/** The sums of an arm in natural units, which start at `from` in its vectors; each epoch times its weight. */
export function weighLinear(
  epochs: ReadonlyMap<number, Float64Array>,
  weightOf: (epoch: number) => number,
  { from, dimension }: { readonly from: number; readonly dimension: number },
): LinearSums {
  const total = new Float64Array(linearLength(dimension))
  for (const [epoch, sums] of epochs) {
    const weight = weightOf(epoch)
    if (weight > 0)
      for (let at = 0; at < total.length; at++) total[at] = total[at]! + (sums[from + at] ?? 0) * weight
  }
  const end = triangle(dimension)
  return {
    dimension,
    gram: total.subarray(0, end).map((sum) => sum / featureUnits ** 2),
    moment: total.subarray(end).map((sum) => sum / (featureUnits * rewardUnits)),
  }
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
