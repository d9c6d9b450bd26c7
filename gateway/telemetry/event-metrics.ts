import { Counter, type Registry } from 'prom-client'
import type { EventListener } from '../events/events.ts'

/** Counts events. What concerns the whole gateway has no endpoint. */
export function createEventMetrics(registry: Registry): EventListener {
  const events = new Counter({
    name: 'bandit_events_total',
    help: 'What happened to endpoints, arms, models and the store, by kind; as in the log, the console and webhooks',
    labelNames: ['kind', 'endpoint'],
    registers: [registry],
  })
  return ({ kind, endpoint = '' }) => events.inc({ kind, endpoint })
}
