import type { RowSpec } from './spec.ts'

/** Of "Serving health": the processes of models, and what they serve. */
export const workerRows: readonly RowSpec[] = [
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
      {
        kind: 'lines',
        title: 'Ends of workers',
        description:
          'Workers that ended though nobody told them to, in the ten minutes before each moment, by the signal: SIGKILL is a hang that was ended or want of memory, SIGSEGV a crash.',
        unit: 'short',
        width: 12,
        min: 0,
        queries: [
          {
            legend: '{{model}}, {{signal}}',
            expr: 'sum by (model, signal) (increase(bandit_worker_exits_total{model=~"$model"}[10m]))',
          },
        ],
      },
      {
        kind: 'lines',
        title: 'Workers replaced for their memory',
        description:
          'Workers that held too much memory, in the ten minutes before each moment: another one took over, or could not be started.',
        unit: 'short',
        width: 12,
        min: 0,
        queries: [
          {
            legend: '{{model}}, {{outcome}}',
            expr: 'sum by (model, outcome) (increase(bandit_worker_recycles_total{model=~"$model"}[10m]))',
          },
        ],
      },
    ],
  },
  {
    title: 'Versions',
    panels: [
      {
        kind: 'lines',
        title: 'Versions served',
        description:
          'Gateways that serve a model in each of its versions. Two versions of one model for more than a moment are gateways that do not see the same files.',
        unit: 'short',
        width: 12,
        min: 0,
        decimals: 0,
        queries: [
          {
            legend: '{{model}}, {{version}}',
            expr: 'count by (model, version) (bandit_model_version_info{model=~"$model"})',
          },
        ],
      },
      {
        kind: 'lines',
        title: 'New versions',
        description:
          'Versions of models that were found, in the ten minutes before each moment: put in place, or refused for what was wrong with them.',
        unit: 'short',
        width: 12,
        min: 0,
        queries: [
          {
            legend: '{{model}}, {{outcome}}',
            expr: 'sum by (model, outcome) (increase(bandit_model_reloads_total{model=~"$model"}[10m]))',
          },
        ],
      },
    ],
  },
]
