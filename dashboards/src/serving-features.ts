import type { RowSpec } from './spec.ts'

const lookups = 'bandit_feature_lookups_total'
const none = 'no endpoint fetches features'

/** Of "Serving health": what is fetched for requests. */
export const featuresRow: RowSpec = {
  title: 'Features',
  panels: [
    {
      kind: 'stacked',
      title: 'Features fetched',
      description:
        'Keys a second whose features were needed: cached, found, unknown to the source, or why it gave nothing.',
      unit: 'ops',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{source}}, {{outcome}}',
          expr: `sum by (source, outcome) (rate(${lookups}{endpoint="$endpoint"}[$__rate_interval]))`,
          emptyWhenHealthy: none,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Wait for features, 99 %',
      description:
        'All but one in a hundred requests wait less than this for a source; at its timeout the defaults stand in.',
      unit: 's',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{source}}',
          expr: `histogram_quantile(0.99, sum by (le, source) (rate(bandit_feature_lookup_duration_seconds_bucket{endpoint="$endpoint"}[$__rate_interval])))`,
          emptyWhenHealthy: none,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Features cached',
      description: 'Share of the keys whose features were at hand, so that their source was not asked.',
      unit: 'percentunit',
      width: 6,
      min: 0,
      max: 1,
      queries: [
        {
          legend: '{{source}}',
          expr: `sum by (source) (rate(${lookups}{endpoint="$endpoint", outcome="cached"}[$__rate_interval]))
/ sum by (source) (rate(${lookups}{endpoint="$endpoint"}[$__rate_interval]))`,
          emptyWhenHealthy: 'no endpoint fetches features and keeps them',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Features missing',
      description: 'Rows a second of which a feature was not known, so that its default stood in.',
      unit: 'ops',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{feature}}',
          expr: 'sum by (feature) (rate(bandit_features_missing_total{endpoint="$endpoint"}[$__rate_interval]))',
          emptyWhenHealthy: 'every feature is known, or none is fetched',
        },
      ],
    },
  ],
}
