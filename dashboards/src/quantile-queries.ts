import type { QuerySpec } from './spec.ts'

/** PromQL for a quantile, from 0 to 1, of a histogram that is given as the series of its buckets. */
export const quantileOf = (buckets: string, quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[$__rate_interval])))`

/** Exemplars are asked for once: each is a dot of its own, whatever the line. */
export const quantileQueries = (buckets: string, exemplars = false): readonly QuerySpec[] => [
  { legend: 'median', expr: quantileOf(buckets, 0.5), exemplars },
  { legend: '90 %', expr: quantileOf(buckets, 0.9) },
  { legend: '99 %', expr: quantileOf(buckets, 0.99) },
]
