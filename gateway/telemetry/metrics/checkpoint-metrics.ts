import { Counter, Gauge, type Registry } from 'prom-client'

export interface CheckpointMetrics {
  /** From now on the age of an endpoint's newest checkpoint is shown. */
  begin(endpoint: string): void
  saved(endpoint: string, bytes: number): void
  /** The newest checkpoint holds all that the store has, as of now. */
  current(endpoint: string): void
  failed(endpoint: string): void
}

export function createCheckpointMetrics(
  registry: Registry,
  clock: () => number = Date.now,
): CheckpointMetrics {
  const registers = [registry]
  const labelNames = ['endpoint']
  /** When the newest held all, or when looking began, ms since 1970. */
  const currentAt = new Map<string, number>()

  const age = new Gauge({
    name: 'bandit_checkpoint_age_seconds',
    help: 'Since the newest checkpoint held all that the store had, or since the start when there is none yet',
    labelNames,
    registers,
    collect() {
      for (const [endpoint, at] of currentAt) age.set({ endpoint }, (clock() - at) / 1000)
    },
  })
  const size = new Gauge({
    name: 'bandit_checkpoint_bytes',
    help: 'Size of the newest checkpoint that this process wrote',
    labelNames,
    registers,
  })
  const failures = new Counter({
    name: 'bandit_checkpoint_failures_total',
    help: 'Checkpoints that could not be written, whatever the store says',
    labelNames,
    registers,
  })

  return {
    begin(endpoint) {
      currentAt.set(endpoint, clock())
      failures.inc({ endpoint }, 0)
      size.set({ endpoint }, 0)
    },
    saved: (endpoint, bytes) => size.set({ endpoint }, bytes),
    current: (endpoint) => void currentAt.set(endpoint, clock()),
    failed: (endpoint) => failures.inc({ endpoint }),
  }
}
