import type { RowSpec } from './spec.ts'

const store = 'bandit_store_operation_duration_seconds'

/** Of "Learning and feedback": where what is learned and what is decided is kept. */
export const storeRow: RowSpec = {
  title: 'Store',
  panels: [
    {
      kind: 'lines',
      title: 'Operations',
      description: 'Calls of the store a second, over all endpoints.',
      unit: 'ops',
      width: 8,
      min: 0,
      queries: [
        { legend: '{{operation}}', expr: `sum by (operation) (rate(${store}_count[$__rate_interval]))` },
      ],
    },
    {
      kind: 'lines',
      title: 'Latency, 99 %',
      description: 'All but one in a hundred calls of the store take less than this.',
      unit: 's',
      width: 8,
      min: 0,
      limits: { warn: 0.1, bad: 1 },
      queries: [
        {
          legend: '{{operation}}',
          expr: `histogram_quantile(0.99, sum by (le, operation) (rate(${store}_bucket[$__rate_interval])))`,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Failed operations',
      description:
        'Calls of the store that failed, a second: unavailable means that it could not be reached.',
      unit: 'ops',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{operation}}, {{outcome}}',
          expr: `sum by (operation, outcome) (rate(${store}_count{outcome!="ok"}[$__rate_interval]))`,
          emptyWhenHealthy: 'no call of the store fails',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Decision log',
      description: 'Lines of the decision log a second. Dropped ones are missing in every later evaluation.',
      unit: 'eps',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{outcome}}',
          expr: 'sum by (outcome) (rate(bandit_decision_log_lines_total[$__rate_interval]))',
        },
      ],
    },
    {
      kind: 'stacked',
      title: 'Events',
      description: 'What happened to arms, models, endpoints and the store, by kind, as the log tells it.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{kind}} {{endpoint}}',
          expr: 'sum by (kind, endpoint) (increase(bandit_events_total[$__rate_interval])) > 0',
          emptyWhenHealthy: 'nothing has happened yet',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Webhooks',
      description:
        'Events for each webhook by what became of them, and those that wait. Retried ones are still on their way.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{webhook}}, {{outcome}}',
          expr: 'sum by (webhook, outcome) (increase(bandit_webhook_deliveries_total[$__rate_interval]))',
          emptyWhenHealthy: 'no webhook is configured',
        },
        {
          legend: '{{webhook}}, waiting',
          expr: 'sum by (webhook) (bandit_webhook_queue_length)',
          emptyWhenHealthy: 'no webhook is configured',
        },
      ],
    },
  ],
}
