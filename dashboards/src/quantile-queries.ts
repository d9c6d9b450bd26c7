import type { QuerySpec } from './spec.ts'

/** Three quantiles of a histogram, given as the series of its buckets. */
export function quantileQueries(buckets: string): readonly QuerySpec[] {
  const quantiles = { median: 0.5, '90 %': 0.9, '99 %': 0.99 }
  return Object.entries(quantiles).map(([legend, quantile]) => ({
    legend,
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[$__rate_interval])))`,
  }))
}
