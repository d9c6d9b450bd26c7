import type { Summands } from './summands.ts'
import type { LoggedDecision } from './history.ts'

/** Decisions that belong together, since who stays with an arm says one thing many times. */
export interface Clusters {
  /** Of each decision, counted from 0. */
  readonly of: Int32Array
  readonly sizes: Float64Array
}

/** Those of a log in which keys stayed with their arms; undefined where every decision stands by itself. */
export function toClusters(decisions: readonly Pick<LoggedDecision, 'unit'>[]): Clusters | undefined {
  const places = new Map<string, number>()
  const sizes: number[] = []
  const of = Int32Array.from(decisions, ({ unit }) => {
    let place = unit === undefined ? undefined : places.get(unit)
    if (place === undefined) {
      place = sizes.length
      sizes.push(0)
      if (unit !== undefined) places.set(unit, place)
    }
    sizes[place]! += 1
    return place
  })
  return sizes.length === decisions.length ? undefined : { of, sizes: Float64Array.from(sizes) }
}

/** Of each cluster, the sum over its decisions. */
export function sumByCluster(values: Float64Array, { of, sizes }: Clusters): Float64Array {
  const sums = new Float64Array(sizes.length)
  for (const [at, value] of values.entries()) sums[of[at]!]! += value
  return sums
}

/**
 * The terms of clusters in place of those of decisions. To draw these with replacement is to draw whole clusters, whose
 * spread is that of the cluster-robust variance Σ_c (T_c − θ B_c)² / (Σ B)² (K.-Y. Liang and S. Zeger, Biometrika 73, 1986;
 * A. C. Cameron, J. Gelbach and D. Miller, Review of Economics and Statistics 90, 2008, call it the pairs cluster bootstrap).
 */
export function collapse(terms: Summands, clusters: Clusters): Summands {
  const { top, bottom, spread } = terms
  return {
    top: sumByCluster(top, clusters),
    bottom: bottom === undefined ? clusters.sizes : sumByCluster(bottom, clusters),
    ...(spread && { spread: sumByCluster(spread, clusters) }),
  }
}
