import type { RowSpec } from './spec.ts'

/** Of "Serving health": the gateways themselves. */
export const processRow: RowSpec = {
  title: 'Gateway processes',
  panels: [
    {
      kind: 'lines',
      title: 'Event loop lag, 99 %',
      description: 'How late timers of the gateway run. Everything it does waits as long.',
      unit: 's',
      width: 8,
      min: 0,
      limits: { warn: 0.05, bad: 0.1 },
      queries: [
        { legend: '{{instance}}', expr: 'max by (instance) (bandit_nodejs_eventloop_lag_p99_seconds)' },
      ],
    },
    {
      kind: 'lines',
      title: 'CPU',
      description:
        'Processor time of the gateway itself, without its workers: 1 is one core, and all that one gateway can use.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      limits: { warn: 0.8, bad: 0.95 },
      queries: [
        {
          legend: '{{instance}}',
          expr: 'sum by (instance) (rate(bandit_process_cpu_seconds_total[$__rate_interval]))',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Memory',
      description: 'Memory of the gateway itself, without its workers. It stays flat over hours.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{instance}} resident',
          expr: 'max by (instance) (bandit_process_resident_memory_bytes)',
        },
        {
          legend: '{{instance}} heap',
          expr: 'max by (instance) (bandit_nodejs_heap_size_used_bytes)',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Garbage collection',
      description: 'Share of the time that the gateway stood still to collect garbage.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      limits: { warn: 0.05, bad: 0.2 },
      queries: [
        {
          legend: '{{instance}}',
          expr: 'sum by (instance) (rate(bandit_nodejs_gc_duration_seconds_sum[$__rate_interval]))',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'File descriptors',
      description:
        'Share of the file descriptors that the system grants the gateway: connections of clients, workers, the store and files.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      limits: { warn: 0.7, bad: 0.9 },
      queries: [
        {
          legend: '{{instance}}',
          expr: 'max by (instance) (bandit_process_open_fds / bandit_process_max_fds)',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Clock',
      description:
        'By how much the clock of the machine is ahead of the store’s, by which everything is dated. Beyond a second either way one of them is wrong.',
      unit: 's',
      width: 8,
      queries: [{ legend: '{{instance}}', expr: 'max by (instance) (bandit_clock_offset_seconds)' }],
    },
  ],
}
