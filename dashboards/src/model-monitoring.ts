import type { DashboardSpec } from './spec.ts'
import { arm, endpoint } from './variables.ts'

const arms = 'endpoint="$endpoint", arm=~"$arm"'
/** The first of its kind begins a counter, in which `increase` would not see it. */
const events = (offset = '') => `sum by (kind) (bandit_events_total{endpoint="$endpoint"}${offset})`
const agreement = 'bandit_shadow_agreement_total{endpoint="$endpoint"'
const categories = `bandit_predictions_by_category_total{${arms}}`

const driftOf = (side: 'input' | 'output'): string =>
  `max by (arm, signal) (bandit_drift_psi{${arms}, side="${side}"})`

export const modelMonitoring: DashboardSpec = {
  uid: 'bandit-monitoring',
  title: 'Model monitoring',
  description:
    'For whoever owns the models: is what they are asked and what they answer still what it was, and does every answer arrive.',
  variables: [endpoint, arm],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'value',
          title: 'Signals that drifted',
          description: 'Inputs and outputs of arms, on any gateway, that are no longer what they were.',
          unit: 'short',
          width: 6,
          limits: { warn: 1, bad: 3 },
          queries: [
            { legend: 'drifted', expr: `sum(max by (arm, side, signal) (bandit_drift_found{${arms}}))` },
          ],
        },
        {
          kind: 'value',
          title: 'Greatest drift',
          description:
            'Greatest population stability index of any signal, less what chance adds to it: above 0.1 something moves, above 0.2 it is another population.',
          unit: 'none',
          width: 6,
          decimals: 2,
          limits: { warn: 0.1, bad: 0.2 },
          queries: [{ legend: 'index', expr: `max(bandit_drift_psi{${arms}})` }],
        },
        {
          kind: 'value',
          title: 'Sample ratio, p-value',
          description:
            'Probability that chance alone parts draws from propensities as far. Below 0.0005 answers of some arm get lost without a fault.',
          unit: 'none',
          width: 6,
          decimals: 4,
          limits: { warn: 0.0005, bad: 0.05, good: 'high' },
          queries: [
            { legend: 'p', expr: 'min(bandit_sample_ratio_p_value{endpoint="$endpoint", of="draws"})' },
          ],
        },
        {
          kind: 'value',
          title: 'Warnings',
          description: 'Reasons to change the settings of the endpoint, which GET /endpoints tells in words.',
          unit: 'short',
          width: 6,
          limits: { warn: 1, bad: 2 },
          queries: [{ legend: 'warnings', expr: 'max(bandit_endpoint_warnings{endpoint="$endpoint"})' }],
        },
      ],
    },
    {
      title: 'Drift',
      panels: [
        {
          kind: 'lines',
          title: 'Drift of inputs',
          description:
            'Population stability index of what each arm is asked in the last window against its reference, less what chance adds to it.',
          unit: 'none',
          width: 12,
          decimals: 2,
          limits: { warn: 0.1, bad: 0.2 },
          queries: [{ legend: '{{arm}} {{signal}}', expr: driftOf('input') }],
        },
        {
          kind: 'lines',
          title: 'Drift of outputs',
          description: 'The same of what each arm answers: labels by their shares, scores by where they lie.',
          unit: 'none',
          width: 12,
          decimals: 2,
          limits: { warn: 0.1, bad: 0.2 },
          queries: [{ legend: '{{arm}} {{signal}}', expr: driftOf('output') }],
        },
        {
          kind: 'lines',
          title: 'Values compared',
          description:
            'How many values of each arm lie in the window. Below a hundred nothing is judged, as a handful always looks like drift.',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{arm}}',
              expr: `sum by (arm) (max by (instance, arm) (bandit_drift_samples{${arms}, of="window"}))`,
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Values in the reference',
          description: 'How many values each arm is compared with, or has gathered for that so far.',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{arm}}',
              expr: `min by (arm) (bandit_drift_samples{${arms}, of="reference"})`,
            },
          ],
        },
      ],
    },
    {
      title: 'Predictions',
      panels: [
        {
          kind: 'shares',
          title: 'Categories predicted by $arm',
          description:
            'Share of each category among what the arm answers, of outputs that are watched for drift; those beyond the first twenty count as other.',
          unit: 'percentunit',
          width: 24,
          repeat: 'arm',
          queries: [
            {
              legend: '{{output}} {{category}}',
              expr: `sum by (output, category) (rate(${categories}[$__rate_interval]))
/ scalar(sum(rate(${categories}[$__rate_interval])))`,
            },
          ],
        },
      ],
    },
    {
      title: 'Shadows',
      panels: [
        {
          kind: 'lines',
          title: 'Agreement of shadows',
          description:
            'Share of the answers of each shadow that say the same as the answer that went out. GET /endpoints tells who of them was right.',
          unit: 'percentunit',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{shadow}}',
              expr: `sum by (shadow) (rate(${agreement}, agrees="true"}[$__rate_interval]))
/ sum by (shadow) (rate(${agreement}}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Copies to shadows',
          description:
            'Predictions copied to each shadow by what became of the copy: spared under overload, dropped where enough were under way. None of it reaches a client.',
          unit: 'reqps',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{shadow}} {{outcome}}',
              expr: 'sum by (shadow, outcome) (rate(bandit_shadow_requests_total{endpoint="$endpoint"}[$__rate_interval]))',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Latency of shadows, 99 %',
          description:
            'All but one in a hundred copies are answered in less than this. No client waits for them; compare it with the latency by model before a shadow becomes an arm.',
          unit: 's',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{shadow}}',
              expr: 'histogram_quantile(0.99, sum by (le, shadow) (rate(bandit_shadow_duration_seconds_bucket{endpoint="$endpoint"}[$__rate_interval])))',
            },
          ],
        },
      ],
    },
    {
      title: 'Assignment',
      panels: [
        {
          kind: 'lines',
          title: 'Answers beyond propensity',
          description:
            'Share of the predictions that each arm answered less the share that it was drawn for, up to a day back. It tends to 0 where no arm fails and no answer gets lost.',
          unit: 'percentunit',
          width: 12,
          decimals: 2,
          queries: [
            { legend: '{{arm}}', expr: `avg by (arm) (bandit_sample_ratio_excess{${arms}, of="answers"})` },
          ],
        },
        {
          kind: 'lines',
          title: 'Sample ratio, p-value over time',
          description:
            'The least p-value of the running windows on any gateway, of what was answered and with the faults of arms put back; it is wrong below 0.0005 in one of 2,000 windows.',
          unit: 'none',
          width: 12,
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{of}}',
              expr: 'min by (of) (bandit_sample_ratio_p_value{endpoint="$endpoint"})',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Events',
          description: 'What happened to the endpoint in the ten minutes before each moment, by kind.',
          unit: 'short',
          width: 24,
          min: 0,
          queries: [
            {
              legend: '{{kind}}',
              expr: `${events()} - (${events(' offset 10m')} or 0 * ${events()}) > 0`,
              emptyWhenHealthy: 'nothing happens to a quiet endpoint',
            },
          ],
        },
      ],
    },
  ],
}
