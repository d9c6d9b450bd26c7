import type { RowSpec } from './spec.ts'

/** Of "Serving health": the processes. */
export const processRows: readonly RowSpec[] = [
  {
    title: 'Workers',
    panels: [
      {
        kind: 'lines',
        title: 'Workers up',
        description: 'Workers of each model that answer, over all gateways.',
        unit: 'short',
        width: 8,
        min: 0,
        decimals: 0,
        queries: [{ legend: '{{model}}', expr: 'sum by (model) (bandit_worker_up{model=~"$model"})' }],
      },
      {
        kind: 'lines',
        title: 'Restarts of workers',
        description: 'Workers that were lost and started again, in the ten minutes before each moment.',
        unit: 'short',
        width: 8,
        min: 0,
        limits: { warn: 1, bad: 3 },
        queries: [
          {
            legend: '{{model}}',
            expr: 'sum by (model) (increase(bandit_worker_restarts_total{model=~"$model"}[10m]))',
          },
        ],
      },
      {
        kind: 'lines',
        title: 'Arms available',
        description: 'Share of the gateways on which the arm could answer the next request.',
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
        queries: [{ legend: '{{arm}}', expr: 'avg by (arm) (bandit_arm_available{endpoint="$endpoint"})' }],
      },
      {
        kind: 'lines',
        title: 'Replicas not asked',
        description:
          'Replicas, over all gateways, that get no requests: suspect until a probe, resting after many faults, or refused as they serve another model.',
        unit: 'short',
        width: 8,
        min: 0,
        decimals: 0,
        queries: [
          {
            legend: '{{model}}, {{state}}',
            expr: 'sum by (model, state) (bandit_replica_state{model=~"$model", state!="serving"})',
          },
        ],
      },
      {
        kind: 'lines',
        title: 'Breakers open',
        description:
          'Whoever failed too often and is left alone for a while: replicas of a model, over all gateways, and the store of each gateway.',
        unit: 'short',
        width: 8,
        min: 0,
        decimals: 0,
        limits: { warn: 1, bad: 2 },
        queries: [
          {
            legend: '{{model}}',
            expr: 'sum by (model) (bandit_replica_state{model=~"$model", state="resting"})',
          },
          { legend: 'store, {{instance}}', expr: 'max by (instance) (bandit_store_breaker_open)' },
        ],
      },
      {
        kind: 'lines',
        title: 'Memory of workers',
        description:
          'Resident memory of the workers of each model, over all gateways, where the system tells.',
        unit: 'bytes',
        width: 8,
        min: 0,
        queries: [
          {
            legend: '{{model}}',
            expr: 'sum by (model) (bandit_worker_resident_memory_bytes{model=~"$model"})',
          },
        ],
      },
    ],
  },
  {
    title: 'Gateway processes',
    panels: [
      {
        kind: 'lines',
        title: 'Event loop lag, 99 %',
        description: 'How late timers of the gateway run. Everything it does waits as long.',
        unit: 's',
        width: 8,
        min: 0,
        limits: { warn: 0.05, bad: 0.1 },
        queries: [
          { legend: '{{instance}}', expr: 'max by (instance) (bandit_nodejs_eventloop_lag_p99_seconds)' },
        ],
      },
      {
        kind: 'lines',
        title: 'CPU',
        description:
          'Processor time of the gateway itself, without its workers: 1 is one core, and all that one gateway can use.',
        unit: 'percentunit',
        width: 8,
        min: 0,
        limits: { warn: 0.8, bad: 0.95 },
        queries: [
          {
            legend: '{{instance}}',
            expr: 'sum by (instance) (rate(bandit_process_cpu_seconds_total[$__rate_interval]))',
          },
        ],
      },
      {
        kind: 'lines',
        title: 'Memory',
        description: 'Memory of the gateway itself, without its workers. It stays flat over hours.',
        unit: 'bytes',
        width: 8,
        min: 0,
        queries: [
          {
            legend: '{{instance}} resident',
            expr: 'max by (instance) (bandit_process_resident_memory_bytes)',
          },
          {
            legend: '{{instance}} heap',
            expr: 'max by (instance) (bandit_nodejs_heap_size_used_bytes)',
          },
        ],
      },
    ],
  },
]
