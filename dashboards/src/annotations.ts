import type { AnnotationSpec } from './spec.ts'

/** Marks on the time axis of every dashboard: most of what changes by itself follows one of these. */
export const annotations: readonly AnnotationSpec[] = [
  {
    name: 'Gateway starts',
    colour: 'blue',
    expr: 'bandit_process_start_time_seconds * 1000',
    title: 'Gateway started',
    text: '{{instance}}',
    valueIsTime: true,
  },
  {
    name: 'Worker restarts',
    colour: 'orange',
    expr: 'increase(bandit_worker_restarts_total[1m]) > 0',
    title: 'Model worker restarted',
    text: '{{model}}, replica {{replica}}, {{instance}}',
    emptyWhenHealthy: 'only a worker that was lost is started again',
  },
]
