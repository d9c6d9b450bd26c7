import { Counter, type Registry } from 'prom-client'
import { eventLevels, type EventKind } from '../../events/event.ts'
import type { EventListener } from '../../events/events.ts'

export interface EventMetrics {
  readonly count: EventListener
  /** From now on every kind is there with 0, as Prometheus sees no increase in a series that begins above it. */
  readonly begin: (endpoints: readonly string[]) => void
}

/** Counts events. What concerns the whole gateway has no endpoint. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const events = new Counter({
    name: 'bandit_events_total',
    help: 'What happened to endpoints, arms, models and the store, by kind; as in the log, the console and webhooks',
    labelNames: ['kind', 'endpoint'],
    registers: [registry],
  })
  return {
    count: ({ kind, endpoint = '' }) => events.inc({ kind, endpoint }),
    begin(endpoints) {
      for (const kind of Object.keys(eventLevels) as EventKind[])
        for (const endpoint of ['', ...endpoints]) events.inc({ kind, endpoint }, 0)
    },
  }
}
