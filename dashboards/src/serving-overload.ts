import type { RowSpec } from './spec.ts'

/** Of "Serving health": what is given up so that the rest is answered in time. */
export const overloadRow: RowSpec = {
  title: 'Overload and second tries',
  panels: [
    {
      kind: 'lines',
      title: 'Predictions admitted',
      description:
        'Share of the predictions that each gateway takes. Below 1 it has more to do than it can and refuses the others with 503 before any work is done for them.',
      unit: 'percentunit',
      width: 6,
      min: 0,
      max: 1,
      queries: [{ legend: '{{instance}}', expr: 'min by (instance) (bandit_admitted_share)' }],
    },
    {
      kind: 'lines',
      title: 'Predictions refused',
      description: 'Predictions a second that each gateway refused because it was overloaded itself.',
      unit: 'reqps',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{instance}}',
          expr: 'sum by (instance) (rate(bandit_predictions_refused_total[$__rate_interval]))',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Second tries',
      description:
        'Calls a second that another replica was asked for, as the one that had them broke down. They have a budget of a fifth of the calls.',
      unit: 'reqps',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{model}}',
          expr: 'sum by (model) (rate(bandit_upstream_retries_total{model=~"$model"}[$__rate_interval]))',
          emptyWhenHealthy: 'no replica breaks down',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Arms that rest',
      description:
        'Times, in the ten minutes before each moment, that an arm was left out for a while, as asking others in its place took a fifth of the calls.',
      unit: 'short',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{arm}}',
          expr: 'sum by (arm) (increase(bandit_arm_rests_total{endpoint="$endpoint"}[10m]))',
          emptyWhenHealthy: 'no arm costs more tries than it may',
        },
      ],
    },
  ],
}
