import { quantileOf, quantileQueries } from './quantile-queries.ts'
import { accessRow } from './serving-access.ts'
import { featuresRow } from './serving-features.ts'
import { modelRow } from './serving-models.ts'
import { overloadRow } from './serving-overload.ts'
import { processRow } from './serving-process.ts'
import { workerRows } from './serving-workers.ts'
import type { DashboardSpec } from './spec.ts'
import { endpoint, model } from './variables.ts'

const requests = 'bandit_request_duration_seconds'
const predictions = 'route=~"/predict.*"'
const latencies = `${requests}_bucket{${predictions}}`

export const servingHealth: DashboardSpec = {
  uid: 'bandit-serving',
  title: 'Serving health',
  description:
    'For whoever is on call: do requests get answers in time, and which model or process does not play its part.',
  variables: [endpoint, model],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'value',
          title: 'Requests',
          description: 'Requests a second, over all routes and gateways.',
          unit: 'reqps',
          width: 4,
          queries: [{ legend: 'requests', expr: `sum(rate(${requests}_count[$__rate_interval]))` }],
        },
        {
          kind: 'value',
          title: 'Predictions failed',
          description: 'Share of the predictions that were answered 5xx.',
          unit: 'percentunit',
          width: 4,
          limits: { warn: 0.001, bad: 0.01 },
          queries: [
            {
              legend: 'failed',
              expr: `(sum(rate(${requests}_count{${predictions}, status="5xx"}[$__rate_interval])) or vector(0))
/ sum(rate(${requests}_count{${predictions}}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'value',
          title: 'Latency, 99 %',
          description: 'All but one in a hundred predictions are answered in less than this.',
          unit: 's',
          width: 4,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [{ legend: '99 %', expr: quantileOf(latencies, 0.99) }],
        },
        {
          kind: 'value',
          title: 'In flight',
          description: 'Requests that wait for their answer at this moment.',
          unit: 'short',
          width: 4,
          queries: [{ legend: 'in flight', expr: 'sum(bandit_requests_in_flight)' }],
        },
        {
          kind: 'value',
          title: 'Workers up',
          description: 'Share of the model workers, on all gateways, that answer.',
          unit: 'percentunit',
          width: 4,
          limits: { warn: 0.5, bad: 0.999, good: 'high' },
          queries: [{ legend: 'up', expr: 'avg(bandit_worker_up)' }],
        },
        {
          kind: 'value',
          title: 'Arms available',
          description: 'Share of the arms of the endpoint that could answer the next request.',
          unit: 'percentunit',
          width: 4,
          limits: { warn: 0.5, bad: 0.999, good: 'high' },
          queries: [{ legend: 'available', expr: 'avg(bandit_arm_available{endpoint="$endpoint"})' }],
        },
      ],
    },
    {
      title: 'Requests',
      panels: [
        {
          kind: 'stacked',
          title: 'Requests by route',
          description: 'Requests a second; every path that no route takes counts as unmatched.',
          unit: 'reqps',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{method}} {{route}}',
              expr: `sum by (method, route) (rate(${requests}_count[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Errors by route and status',
          description:
            'With 4xx the callers sent what cannot be taken, with 5xx the gateway could not answer.',
          unit: 'reqps',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{route}} {{status}}',
              expr: `sum by (route, status) (rate(${requests}_count{status=~"[45]xx"}[$__rate_interval]))`,
              emptyWhenHealthy: 'no request fails',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Latency of predictions',
          description:
            'From the head of the request to the head of its answer, failover and waiting for a batch included. Dots, where exemplars are switched on, lead to traces.',
          unit: 's',
          width: 8,
          min: 0,
          limits: { warn: 0.05, bad: 0.1 },
          queries: quantileQueries(latencies, true),
        },
        {
          kind: 'heatmap',
          title: 'Latencies of predictions',
          description: 'Predictions a second by how long they took.',
          unit: 's',
          width: 12,
          queries: [
            {
              legend: '{{le}}',
              expr: `sum by (le) (rate(${latencies}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Burn of the error budgets',
          description:
            'How many times faster than allowed the budget of a month is spent, over the last hour. Above 14.4 somebody is called, above 1 the month ends in debt.',
          unit: 'none',
          width: 12,
          min: 0,
          limits: { warn: 1, bad: 14.4 },
          queries: [
            { legend: 'failed (0.1 % allowed)', expr: 'job:bandit_predict_failed:ratio_rate1h / 0.001' },
            { legend: 'slow (1 % allowed)', expr: 'job:bandit_predict_slow:ratio_rate1h / 0.01' },
          ],
        },
      ],
    },
    overloadRow,
    accessRow,
    modelRow,
    featuresRow,
    ...workerRows,
    processRow,
  ],
}
