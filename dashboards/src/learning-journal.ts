import type { RowSpec } from './spec.ts'

/** Of "Learning and feedback": what waits on the gateways' own disks for a store that is elsewhere. */
export const journalRow: RowSpec = {
  title: 'Journal',
  panels: [
    {
      kind: 'lines',
      title: 'Journal',
      description:
        'Feedback in the journals: unsettled is not in the store yet, settled is kept for ten minutes. It is 0 with the embedded store, which needs none.',
      unit: 'short',
      width: 6,
      min: 0,
      queries: [{ legend: '{{state}}', expr: 'sum by (state) (bandit_journal_entries)' }],
    },
    {
      kind: 'lines',
      title: 'Size of the journal',
      description:
        'What the feedback in the journal of each gateway takes; at journal_size no more is taken.',
      unit: 'bytes',
      width: 6,
      min: 0,
      queries: [{ legend: '{{instance}}', expr: 'max by (instance) (bandit_journal_bytes)' }],
    },
    {
      kind: 'lines',
      title: 'Replayed and failed',
      description:
        'Journalled feedback given to the store when it was back, and the times that the journal could not be written.',
      unit: 'eps',
      width: 6,
      min: 0,
      queries: [
        {
          legend: 'replayed, {{outcome}}',
          expr: 'sum by (outcome) (rate(bandit_journal_replayed_total[$__rate_interval]))',
          emptyWhenHealthy: 'a store that was never away is given nothing again',
        },
        { legend: 'failed', expr: 'sum(rate(bandit_journal_failures_total[$__rate_interval]))' },
      ],
    },
    {
      kind: 'lines',
      title: 'Time to the disk, 99 %',
      description:
        'All but one in a hundred feedbacks are in the journal, flushed to the disk, in less than this. Nothing is acknowledged before.',
      unit: 's',
      width: 6,
      min: 0,
      queries: [
        {
          legend: '{{instance}}',
          expr: 'histogram_quantile(0.99, sum by (le, instance) (rate(bandit_journal_commit_seconds_bucket[$__rate_interval])))',
          emptyWhenHealthy: 'the embedded store needs no journal',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Age of checkpoints',
      description:
        'Since the newest checkpoint of a gateway held all that the store had: what is younger has to come from the journals when the store is emptied.',
      unit: 's',
      width: 8,
      min: 0,
      limits: { warn: 300, bad: 600 },
      queries: [
        {
          legend: '{{instance}} {{endpoint}}',
          expr: 'max by (instance, endpoint) (bandit_checkpoint_age_seconds)',
          emptyWhenHealthy: 'the embedded store needs none',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Checkpoints that failed',
      description: 'Checkpoints that could not be written to disk.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{endpoint}}',
          expr: 'sum by (endpoint) (increase(bandit_checkpoint_failures_total[$__rate_interval]))',
          emptyWhenHealthy: 'the embedded store needs none',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Size of checkpoints',
      description: 'What the newest checkpoint of each endpoint takes on the disk of a gateway.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{endpoint}}',
          expr: 'max by (endpoint) (bandit_checkpoint_bytes)',
          emptyWhenHealthy: 'the embedded store needs none',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Holding to what was learned',
      description:
        'Gateways that decide by what was learned before, as the store came back empty and nothing has been given back to it yet.',
      unit: 'short',
      width: 12,
      min: 0,
      decimals: 0,
      limits: { warn: 1, bad: 1 },
      queries: [{ legend: '{{endpoint}}', expr: 'sum by (endpoint) (bandit_endpoint_holding)' }],
    },
    {
      kind: 'lines',
      title: 'Marks beyond their time',
      description:
        'For how long the store keeps what tells repeated feedback beyond its time, because the journal of a gateway is behind or not heard of.',
      unit: 's',
      width: 12,
      min: 0,
      limits: { warn: 300, bad: 900 },
      queries: [{ legend: '{{endpoint}}', expr: 'max by (endpoint) (bandit_marks_overdue_seconds)' }],
    },
  ],
}
