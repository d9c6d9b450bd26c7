import { journalRow } from './learning-journal.ts'
import { storeRow } from './learning-store.ts'
import { quantileQueries } from './quantile-queries.ts'
import type { DashboardSpec } from './spec.ts'
import { arm, endpoint } from './variables.ts'

const arms = 'endpoint="$endpoint", arm=~"$arm"'
/** What cannot be told to be of any endpoint, such as forged ids, is shown everywhere. */
const feedback = 'bandit_feedback_total{endpoint=~"$endpoint|unknown"}'
const refused =
  'bandit_feedback_total{endpoint=~"$endpoint|unknown", outcome!~"applied|corrected|duplicate|void|parked|journalled"}'
const delay = 'bandit_feedback_delay_seconds_bucket{endpoint="$endpoint"}'

export const learningAndFeedback: DashboardSpec = {
  uid: 'bandit-learning',
  title: 'Learning and feedback',
  description: 'Whether the truth comes back, how late, what becomes of it, and whether the store keeps up.',
  variables: [endpoint, arm],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'value',
          title: 'Feedback',
          description: 'Feedback a second, whatever became of it.',
          unit: 'eps',
          width: 6,
          queries: [{ legend: 'feedback', expr: `sum(rate(${feedback}[$__rate_interval]))` }],
        },
        {
          kind: 'value',
          title: 'Refused',
          description: 'Share of the feedback that was late, unknown, forged, invalid or not taken.',
          unit: 'percentunit',
          width: 6,
          limits: { warn: 0.01, bad: 0.1 },
          queries: [
            {
              legend: 'refused',
              expr: `(sum(rate(${refused}[$__rate_interval])) or vector(0)) / sum(rate(${feedback}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'value',
          title: 'Pending',
          description: 'Decisions in the window whose reward has not come yet, over all arms.',
          unit: 'short',
          width: 6,
          queries: [
            {
              legend: 'pending',
              expr: 'sum(max by (arm) (bandit_arm_pending{endpoint="$endpoint"}))',
            },
          ],
        },
        {
          kind: 'value',
          title: 'Snapshot age',
          description:
            'Age of the oldest state that any gateway decides from; it is read four times a second.',
          unit: 's',
          width: 6,
          limits: { warn: 5, bad: 30 },
          queries: [{ legend: 'age', expr: 'max(bandit_snapshot_age_seconds{endpoint="$endpoint"})' }],
        },
      ],
    },
    {
      title: 'Feedback',
      panels: [
        {
          kind: 'stacked',
          title: 'Feedback by outcome',
          description:
            'What became of each feedback. Applied, corrected and void ones change what is believed; parked ones wait for their prediction.',
          unit: 'eps',
          width: 12,
          min: 0,
          queries: [
            { legend: '{{outcome}}', expr: `sum by (outcome) (rate(${feedback}[$__rate_interval]))` },
          ],
        },
        {
          kind: 'lines',
          title: 'Refused feedback',
          description:
            'Feedback that counted for nothing, by reason. Late: the window is too short or the sender slow.',
          unit: 'eps',
          width: 6,
          min: 0,
          queries: [
            {
              legend: '{{outcome}}',
              expr: `sum by (outcome) (rate(${refused}[$__rate_interval]))`,
              emptyWhenHealthy: 'nothing is refused',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Feedback beyond its share',
          description:
            'Feedback that was refused as more of what is learned would come from its key than may.',
          unit: 'eps',
          width: 6,
          min: 0,
          queries: [
            {
              legend: '{{key}}',
              expr: 'sum by (key) (rate(bandit_feedback_beyond_share_total{endpoint="$endpoint"}[$__rate_interval]))',
              emptyWhenHealthy: 'no key is beyond its share, or none is held to one',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Delay of feedback',
          description: 'Time from the prediction to its feedback. Near the window, feedback is being lost.',
          unit: 's',
          width: 12,
          min: 0,
          queries: quantileQueries(delay),
        },
        {
          kind: 'heatmap',
          title: 'Delays',
          description: 'Feedback a second by its delay.',
          unit: 's',
          width: 12,
          queries: [{ legend: '{{le}}', expr: `sum by (le) (rate(${delay}[$__rate_interval]))` }],
        },
      ],
    },
    {
      title: 'Learning',
      panels: [
        {
          kind: 'lines',
          title: 'Effective rewards',
          description:
            'Rewards that the belief in each arm rests on, weighted by age: flat under a half-life.',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [{ legend: '{{arm}}', expr: `avg by (arm) (bandit_arm_effective_rewards{${arms}})` }],
        },
        {
          kind: 'lines',
          title: 'Rewards applied',
          description: 'Feedback a second that was learned from, by arm.',
          unit: 'eps',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{arm}}',
              expr: `sum by (arm) (rate(bandit_reward_observations_total{${arms}}[$__rate_interval]))`,
            },
          ],
        },
        {
          kind: 'shares',
          title: 'What became of decisions',
          description:
            'All decisions in the life of the arms: rewarded, given the default reward, written off without one, void, or still pending.',
          unit: 'short',
          width: 12,
          queries: [
            {
              legend: '{{state}}',
              expr: `sum by (state) (max by (arm, state) (bandit_arm_decisions{${arms}, state!="pulled"}))`,
            },
            { legend: 'pending', expr: `sum(max by (arm) (bandit_arm_pending{${arms}}))` },
          ],
        },
        {
          kind: 'lines',
          title: 'Snapshot age',
          description:
            'How old the state is that each gateway decides from. It grows while the store is away.',
          unit: 's',
          width: 12,
          min: 0,
          limits: { warn: 5, bad: 30 },
          queries: [
            {
              legend: '{{instance}}',
              expr: 'max by (instance) (bandit_snapshot_age_seconds{endpoint="$endpoint"})',
            },
          ],
        },
      ],
    },
    storeRow,
    journalRow,
  ],
}
