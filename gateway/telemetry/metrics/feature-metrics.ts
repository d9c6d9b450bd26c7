import { Counter, Histogram, type Registry } from 'prom-client'
import type { EnrichMetrics } from '../../features/enrich.ts'

export interface FeatureMetrics {
  of(endpoint: string): EnrichMetrics
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10]

export function createFeatureMetrics(registry: Registry): FeatureMetrics {
  const registers = [registry]
  const lookups = new Counter({
    name: 'bandit_feature_lookups_total',
    help: 'Keys whose features were needed: cached, found, unknown, or why their source gave nothing',
    labelNames: ['endpoint', 'source', 'outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'bandit_feature_lookup_duration_seconds',
    help: 'Time that a request waited for a source of features',
    labelNames: ['endpoint', 'source'],
    buckets: seconds,
    registers,
  })
  const missing = new Counter({
    name: 'bandit_features_missing_total',
    help: 'Rows of requests of which a feature was not known, so that its default stood in',
    labelNames: ['endpoint', 'feature'],
    registers,
  })
  return {
    of: (endpoint) => ({
      looked(source, outcome, entities) {
        if (entities > 0) lookups.inc({ endpoint, source, outcome }, entities)
      },
      took: (source, took) => duration.observe({ endpoint, source }, took),
      missing: (feature, rows) => missing.inc({ endpoint, feature }, rows),
    }),
  }
}
