import type { AnnotationSpec } from './spec.ts'

const happened = (kinds: string): string => `increase(bandit_events_total{kind=~"${kinds}"}[1m]) > 0`

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
    name: 'Deployments',
    colour: 'purple',
    expr: `count by (version) (bandit_build_info) unless count by (version) (bandit_build_info offset 5m)
and on () count(bandit_build_info offset 5m)`,
    title: 'Another version',
    text: 'gateway {{version}}',
    emptyWhenHealthy: 'only another version than five minutes ago is a deployment',
  },
  {
    name: 'Arms taken out and put back',
    colour: 'red',
    expr: happened('arm_(quarantined|released|paused|resumed|unavailable|back)'),
    title: 'Arm',
    text: '{{kind}}, {{endpoint}}',
    emptyWhenHealthy: 'arms stay in the choice unless something is wrong or somebody says so',
  },
  {
    name: 'Canary steps',
    colour: 'green',
    expr: happened('canary_.*|model_reloaded'),
    title: 'Canary',
    text: '{{kind}}, {{endpoint}}',
    emptyWhenHealthy: 'nothing is rolled out',
  },
  {
    name: 'Drift and mismatches',
    colour: 'yellow',
    expr: happened('drift_.*|sample_ratio_mismatch'),
    title: 'Monitoring',
    text: '{{kind}}, {{endpoint}}',
    emptyWhenHealthy: 'nothing drifts',
  },
  {
    name: 'Workers replaced',
    colour: 'orange',
    expr: happened('worker_recycled'),
    title: 'Model worker held too much memory',
    text: 'another one has its place, {{instance}}',
    emptyWhenHealthy: 'no worker grows beyond its memory',
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
