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
      width: 8,
      min: 0,
      queries: [{ legend: '{{state}}', expr: 'sum by (state) (bandit_journal_entries)' }],
    },
    {
      kind: 'lines',
      title: 'Size of the journal',
      description:
        'What the feedback in the journal of each gateway takes; at journal_size no more is taken.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [{ legend: '{{instance}}', expr: 'max by (instance) (bandit_journal_bytes)' }],
    },
    {
      kind: 'lines',
      title: 'Replayed and failed',
      description:
        'Journalled feedback given to the store when it was back, and the times that the journal could not be written.',
      unit: 'eps',
      width: 8,
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
      title: 'Age of checkpoints',
      description:
        'Since the newest checkpoint of a gateway held all that the store had: what is younger has to come from the journals when the store is emptied.',
      unit: 's',
      width: 12,
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
      width: 12,
      min: 0,
      queries: [
        {
          legend: '{{endpoint}}',
          expr: 'sum by (endpoint) (increase(bandit_checkpoint_failures_total[$__rate_interval]))',
          emptyWhenHealthy: 'the embedded store needs none',
        },
      ],
    },
  ],
}
