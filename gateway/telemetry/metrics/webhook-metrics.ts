import { Counter, Gauge, type Registry } from 'prom-client'
import type { WebhookMetrics } from '../../events/webhooks/webhook.ts'

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry]
  const deliveries = new Counter({
    name: 'bandit_webhook_deliveries_total',
    help: 'Events for a webhook by what became of them; retried: a try failed and another one follows',
    labelNames: ['webhook', 'outcome'],
    registers,
  })
  const queue = new Gauge({
    name: 'bandit_webhook_queue_length',
    help: 'Events that wait for a webhook',
    labelNames: ['webhook'],
    registers,
  })
  return {
    settled: (webhook, outcome, events = 1) => deliveries.inc({ webhook, outcome }, events),
    queued: (webhook, length) => queue.set({ webhook }, length),
  }
}
