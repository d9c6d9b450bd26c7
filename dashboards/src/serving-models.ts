import type { RowSpec } from './spec.ts'

const upstream = 'bandit_upstream_request_duration_seconds'

/** Of "Serving health": whom the gateway asks. */
export const modelRow: RowSpec = {
  title: 'Models and arms',
  panels: [
    {
      kind: 'lines',
      title: 'Latency by model, 99 %',
      description: 'Calls of replicas by the gateway, waiting for a batch included.',
      unit: 's',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{model}}',
          expr: `histogram_quantile(0.99, sum by (le, model) (rate(${upstream}_bucket{model=~"$model"}[$__rate_interval])))`,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Calls by model',
      description: 'Calls of models a second; an ensemble calls each of its members.',
      unit: 'reqps',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{model}}',
          expr: `sum by (model) (rate(${upstream}_count{model=~"$model"}[$__rate_interval]))`,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Faults by model',
      description: 'Calls of models that gave no answer, by what went wrong.',
      unit: 'reqps',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{model}}, {{outcome}}',
          expr: `sum by (model, outcome) (rate(${upstream}_count{model=~"$model", outcome!="answered"}[$__rate_interval]))`,
          emptyWhenHealthy: 'every call of a model is answered',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Rows a batch',
      description: 'Mean number of rows that went to a replica together. It grows with the load.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{model}}',
          expr: `sum by (model) (rate(bandit_upstream_batch_rows_sum{model=~"$model"}[$__rate_interval]))
/ sum by (model) (rate(bandit_upstream_batch_rows_count{model=~"$model"}[$__rate_interval]))`,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Queue',
      description: 'Requests that wait for a replica. At the limit of the model requests are refused.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{model}}',
          expr: 'sum by (model) (bandit_upstream_queue_length{model=~"$model"})',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Failures by arm',
      description: 'Choices of an arm that gave no answer, so that another one was asked. Never a reward.',
      unit: 'reqps',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{arm}}, {{fault}}',
          expr: 'sum by (arm, fault) (rate(bandit_arm_failures_total{endpoint="$endpoint"}[$__rate_interval]))',
          emptyWhenHealthy: 'no arm fails',
        },
      ],
    },
  ],
}
