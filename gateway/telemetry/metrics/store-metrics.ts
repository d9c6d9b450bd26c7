import { Gauge, Histogram, type Registry } from 'prom-client'

export interface StoreMetrics {
  finished(operation: string, outcome: 'ok' | 'unavailable' | 'error', seconds: number): void
  /** Calls are stopped, or go on; several masters of a Cluster may be stopped at a time. */
  breaker(state: 'open' | 'closed'): void
  /** By so much this machine's clock is ahead of the store's. */
  clockAhead(seconds: number): void
}

const storeSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

export function createStoreMetrics(registry: Registry): StoreMetrics {
  const registers = [registry]
  const duration = new Histogram({
    name: 'bandit_store_operation_duration_seconds',
    help: 'Calls to the store, by how they ended',
    labelNames: ['operation', 'outcome'],
    buckets: storeSeconds,
    registers,
  })
  const breakers = new Gauge({
    name: 'bandit_store_breaker_open',
    help: 'Above 0 while no call goes to the store because it does not answer; in a Cluster, how many endpoints it concerns',
    registers,
  })
  const clock = new Gauge({
    name: 'bandit_clock_offset_seconds',
    help: 'By how much the clock of this machine is ahead of the store’s; 0 with an embedded store, which has the same',
    registers,
  })
  return {
    finished: (operation, outcome, seconds) => duration.observe({ operation, outcome }, seconds),
    breaker: (state) => (state === 'open' ? breakers.inc() : breakers.dec()),
    clockAhead: (seconds) => clock.set(seconds),
  }
}
