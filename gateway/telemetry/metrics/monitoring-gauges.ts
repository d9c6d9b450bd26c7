import { Counter, Gauge, type Registry } from 'prom-client'
import type { CountCategory } from '../../monitoring/drift/category-counter.ts'
import type { MonitoredEndpoint } from '../../monitoring/watch-monitor.ts'

export interface MonitoringMetrics {
  /** For one endpoint. */
  categories(endpoint: string): CountCategory
}

/** Gauges of what is watched beside the learning, set at every scrape. */
export function createMonitoringGauges(registry: Registry): MonitoringMetrics & {
  refresh(endpoints: Iterable<MonitoredEndpoint>): void
} {
  const registers = [registry]
  const perSignal = ['endpoint', 'arm', 'side', 'signal'] as const
  const psi = new Gauge({
    name: 'bandit_drift_psi',
    help: 'Population stability index against the reference, less what chance adds to it',
    labelNames: perSignal,
    registers,
  })
  const drifted = new Gauge({
    name: 'bandit_drift_found',
    help: '1 while the signal is no longer what it was',
    labelNames: perSignal,
    registers,
  })
  const samples = new Gauge({
    name: 'bandit_drift_samples',
    help: 'Values in the window, and in the reference that it is compared with',
    labelNames: [...perSignal, 'of'],
    registers,
  })
  const pValue = new Gauge({
    name: 'bandit_sample_ratio_p_value',
    help: 'Probability that chance alone parts answers, or draws, from propensities as far at any time of a window',
    labelNames: ['endpoint', 'of'],
    registers,
  })
  const excess = new Gauge({
    name: 'bandit_sample_ratio_excess',
    help: 'Share of predictions that the arm answered, less the share that it was drawn for, up to a day back',
    labelNames: ['endpoint', 'arm', 'of'],
    registers,
  })
  const categories = new Counter({
    name: 'bandit_predictions_by_category_total',
    help: 'Sampled predictions by the category that was predicted, of outputs that are watched for drift',
    labelNames: ['endpoint', 'arm', 'output', 'category'],
    registers,
  })

  return {
    categories: (endpoint) => (arm, output, category) => categories.inc({ endpoint, arm, output, category }),
    refresh(endpoints) {
      for (const gauge of [psi, drifted, samples, pValue, excess]) gauge.reset()
      for (const { name: endpoint, monitor } of endpoints) {
        if (monitor === undefined) continue
        for (const [of, view] of Object.entries(monitor.sampleRatio.view())) {
          pValue.set({ endpoint, of }, view.pValue)
          for (const [arm, share] of view.excess) excess.set({ endpoint, arm, of }, share)
        }
        for (const view of monitor.drift?.view() ?? []) {
          const labels = { endpoint, arm: view.arm, side: view.side, signal: view.signal }
          samples.set({ ...labels, of: 'window' }, view.samples)
          samples.set({ ...labels, of: 'reference' }, view.reference)
          drifted.set(labels, Number(view.drifted))
          if (view.stability !== undefined) psi.set(labels, view.stability.psi)
        }
      }
    },
  }
}
