import { compiled, incbet } from 'cephes'
import { densityOn, createPanels, massOf } from '../policies/panels.ts'
import { logitBetas, toLogitBeta } from '../policies/logit-beta.ts'
import type { BetaPosterior } from './posterior.ts'

await compiled

/**
 * Probability that no arm pays more than (1 + gain) times as much as arm k, for independent Beta posteriors:
 *
 *     P(max_j θ_j ≤ (1 + gain) θ_k) = ∫ f_k(x) Π_{j≠k} F_j((1 + gain) x) dx.
 *
 * With a gain of 0 it is the probability that k is best. It is above p exactly when the p-quantile of
 * (θ_max − θ_k) / θ_k, the value left in the experiment, is below `gain`: S. L. Scott, Multi-armed bandit
 * experiments in the online service economy, Applied Stochastic Models in Business and Industry 31 (2015).
 */
export function noneBetterBy(gain: number, posteriors: readonly BetaPosterior[], k: number): number {
  const own = toLogitBeta(posteriors[k]!)
  const panels = createPanels(logitBetas, [own], own.from, own.to)
  const density = densityOn(logitBetas, panels, own)
  const mass = massOf(density)
  const others = posteriors.filter((_, arm) => arm !== k)
  const points = panels.flatMap(({ logX }) => Array.from(logX, Math.exp))
  const below = density.map((height, at) => {
    const x = Math.min(1, (1 + gain) * points[at]!)
    return others.reduce((product, { alpha, beta }) => product * incbet(alpha, beta, x), height)
  })
  return massOf(below) / mass
}
