import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { UpstreamMetrics } from '../../upstream/metrics.ts'

const upstreamSeconds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
]
const batchRows = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export function createUpstreamMetrics(registry: Registry): UpstreamMetrics {
  const registers = [registry]
  const upstreamDuration = new Histogram({
    name: 'bandit_upstream_request_duration_seconds',
    help: 'Calls to replicas, by how they ended',
    labelNames: ['model', 'outcome'],
    buckets: upstreamSeconds,
    registers,
  })
  const upstreamRows = new Histogram({
    name: 'bandit_upstream_batch_rows',
    help: 'Rows sent to a replica in one call',
    labelNames: ['model'],
    buckets: batchRows,
    registers,
  })
  const lengths = new Map<string, number>()
  const queue = new Gauge({
    name: 'bandit_upstream_queue_length',
    help: 'Requests that wait for a replica',
    labelNames: ['model'],
    registers,
    // It changes some times with each request, and is asked for some times a minute.
    collect() {
      for (const [model, length] of lengths) queue.set({ model }, length)
    },
  })
  const retries = new Counter({
    name: 'bandit_upstream_retries_total',
    help: 'Calls that got a second try, as the replica that had them broke down',
    labelNames: ['model'],
    registers,
  })
  return {
    finished: (model, outcome, seconds) => upstreamDuration.observe({ model, outcome }, seconds),
    batched: (model, rows) => upstreamRows.observe({ model }, rows),
    queued: (model, length) => void lengths.set(model, length),
    retried: (model) => retries.inc({ model }),
  }
}
