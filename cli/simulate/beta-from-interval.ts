import { type BetaPosterior, betaQuantile } from '../../bandit/beliefs/posterior.ts'

const leastMass = 1e-2
const mostMass = 1e9
const halvings = 80
/** A mean of 0 or 1 belongs to no Beta distribution. */
const edge = 1e-6

/**
 * The Beta distribution with this mean whose 5 % and 95 % quantiles lie `width` apart: what is believed of an arm,
 * whatever its prior was. Bisection over ln(α + β), in which the width falls.
 */
export function betaFromInterval(mean: number, width: number): BetaPosterior {
  const within = Math.min(1 - edge, Math.max(edge, mean))
  const withMass = (mass: number) => ({ alpha: within * mass, beta: (1 - within) * mass })
  let [low, high] = [Math.log(leastMass), Math.log(mostMass)]
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (widthOf(withMass(Math.exp(middle))) > width) low = middle
    else high = middle
  }
  return withMass(Math.exp(high))
}

function widthOf(posterior: BetaPosterior): number {
  return betaQuantile(posterior, 0.95) - betaQuantile(posterior, 0.05)
}
