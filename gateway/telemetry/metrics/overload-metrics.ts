import { Counter, Gauge, type Registry } from 'prom-client'

export interface OverloadMetrics {
  /** Share of the predictions that are taken from now on. */
  admitted(share: number): void
  refused(this: void): void
}

export function createOverloadMetrics(registry: Registry): OverloadMetrics {
  const registers = [registry]
  const admitted = new Gauge({
    name: 'bandit_admitted_share',
    help: 'Share of the predictions that are taken; below 1 the gateway is overloaded and refuses the others',
    registers,
  })
  admitted.set(1)
  const refused = new Counter({
    name: 'bandit_predictions_refused_total',
    help: 'Predictions that were refused because the gateway itself was overloaded',
    registers,
  })
  return {
    admitted: (share) => admitted.set(share),
    refused: () => refused.inc(),
  }
}
