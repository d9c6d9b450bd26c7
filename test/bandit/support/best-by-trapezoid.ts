import type { BetaPosterior } from '../../../bandit/beliefs/posterior.ts'

/** P(arm is best) by brute force: trapezoids in ln(x / (1 − x)) between `points` points of each posterior. */
export function bestByTrapezoid(posteriors: readonly BetaPosterior[], points: number): number[] {
  const grid = Float64Array.from(posteriors.flatMap((posterior) => spread(posterior, points))).sort()
  const cdfs = posteriors.map((posterior) => cdfOn(grid, posterior))
  return cdfs.map((own, arm) => {
    let sum = 0
    for (let at = 1; at < grid.length; at++) {
      let others = own[at]! - own[at - 1]!
      for (const [other, cdf] of cdfs.entries()) if (other !== arm) others *= (cdf[at]! + cdf[at - 1]!) / 2
      sum += others
    }
    return sum
  })
}

function cdfOn(grid: Float64Array, posterior: BetaPosterior): Float64Array {
  const density = grid.map((t) => Math.exp(relativeLogDensity(posterior, t)))
  const cdf = new Float64Array(grid.length)
  for (let at = 1; at < grid.length; at++) {
    cdf[at] = cdf[at - 1]! + ((density[at]! + density[at - 1]!) / 2) * (grid[at]! - grid[at - 1]!)
  }
  return cdf.map((value) => value / cdf.at(-1)!)
}

/** Even steps over all that is above e⁻³⁴ of the density's peak, whose ends are found by bisection. */
function spread(posterior: BetaPosterior, points: number): number[] {
  const [from, to] = [end(posterior, -1), end(posterior, 1)]
  return Array.from({ length: points + 1 }, (_, at) => from + ((to - from) * at) / points)
}

function end(posterior: BetaPosterior, direction: number): number {
  const mode = Math.log(posterior.alpha / posterior.beta)
  const inside = (reach: number) => relativeLogDensity(posterior, mode + direction * reach) > -34
  let far = 1e-6
  while (inside(far)) far *= 2
  let near = 0
  for (let step = 0; step < 60; step++) {
    const middle = (near + far) / 2
    if (inside(middle)) near = middle
    else far = middle
  }
  return mode + direction * far
}

function relativeLogDensity({ alpha, beta }: BetaPosterior, t: number): number {
  const mode = Math.log(alpha / beta)
  return alpha * (logistic(t) - logistic(mode)) + beta * (logistic(-t) - logistic(-mode))
}

function logistic(t: number): number {
  return t < 0 ? t - Math.log1p(Math.exp(t)) : -Math.log1p(Math.exp(-t))
}
