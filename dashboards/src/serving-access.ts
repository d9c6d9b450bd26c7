import type { RowSpec } from './spec.ts'

const access = 'bandit_access_total'

/** Of "Serving health": who asks, and who is turned away. */
export const accessRow: RowSpec = {
  title: 'Callers',
  panels: [
    {
      kind: 'stacked',
      title: 'Requests by key',
      description: 'Requests that were let through, a second, by the name of their key. Tokens count as one.',
      unit: 'reqps',
      width: 12,
      min: 0,
      queries: [
        {
          legend: '{{key}}',
          expr: `sum by (key) (rate(${access}{outcome="allowed"}[$__rate_interval]))`,
          emptyWhenHealthy: 'no keys are configured',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Callers turned away',
      description:
        'Requests a second that were not: without a key that is known, with one that is for something else, or too often.',
      unit: 'reqps',
      width: 12,
      min: 0,
      queries: [
        {
          legend: '{{key}} {{outcome}}',
          expr: `sum by (key, outcome) (rate(${access}{outcome!="allowed"}[$__rate_interval]))`,
          emptyWhenHealthy: 'nobody is turned away, or no keys are configured',
        },
      ],
    },
  ],
}
