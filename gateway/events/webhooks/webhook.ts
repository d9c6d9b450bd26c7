import type { Logger } from 'pino'
import type { Clock } from '../../upstream/calls/clock.ts'
import type { EventKind, GatewayEvent } from '../event.ts'
import { toCloudEvent } from './cloud-event.ts'
import { maxTries, retryDelayMs } from './retry.ts'
import type { Message, Send } from './send.ts'

/**
 * delivered; retried: a try failed and another one will be made; refused: by the receiver, for good; given_up: after
 * the last try; gone: the receiver wants no more; dropped: older than what the queue holds; abandoned: the gateway
 * stopped.
 */
export type DeliveryOutcome = (typeof deliveryOutcomes)[number]

const deliveryOutcomes = [
  'delivered',
  'retried',
  'refused',
  'given_up',
  'gone',
  'dropped',
  'abandoned',
] as const

export interface WebhookMetrics {
  settled(webhook: string, outcome: DeliveryOutcome, events?: number): void
  queued(webhook: string, length: number): void
}

/** Takes events to one receiver, each again and again until it is there, and holds nobody up meanwhile. */
export interface Webhook {
  /** At once and without waiting, whatever becomes of it. */
  deliver(event: GatewayEvent): void
  /** What waits is tried once more; resolves after five seconds at the most. */
  close(): Promise<void>
}

export interface WebhookDeps {
  readonly name: string
  readonly kinds: readonly EventKind[]
  /** Of CloudEvents. */
  readonly source: string
  readonly send: Send
  readonly timers: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly metrics: WebhookMetrics
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

interface Delivery extends Message {
  readonly kind: EventKind
  tries: number
  /** Not before. */
  dueAt: number
}

/** Events are rare: so many wait only where a receiver has been away for long. */
const queueLimit = 256
const closeWithinMs = 5000

export function createWebhook(deps: WebhookDeps): Webhook {
  const { name, source, send, timers, random, metrics, logger } = deps
  const kinds = new Set(deps.kinds)
  // From 0, as Prometheus sees no increase in a counter that begins above it.
  for (const outcome of deliveryOutcomes) metrics.settled(name, outcome, 0)
  const ended = new AbortController()
  const empty = Promise.withResolvers<void>()
  let waiting: Delivery[] = []
  let state: 'open' | 'closing' | 'gone' = 'open'
  let isSending = false
  let cancelTimer = (): unknown => undefined

  /** One after the other, so that what is not held up arrives in the order in which it happened. */
  function next(): void {
    metrics.queued(name, waiting.length)
    if (isSending) return
    cancelTimer()
    const now = timers.now()
    const due = waiting.find(({ dueAt }) => dueAt <= now || state === 'closing')
    if (due !== undefined) return void attempt(due)
    if (waiting.length > 0) {
      cancelTimer = timers.after(Math.min(...waiting.map(({ dueAt }) => dueAt)) - now, next)
    } else if (state === 'closing') empty.resolve()
  }

  async function attempt(delivery: Delivery): Promise<void> {
    isSending = true
    waiting = waiting.filter((other) => other !== delivery)
    metrics.queued(name, waiting.length)
    delivery.tries++
    const outcome = await send(delivery, ended.signal)
    isSending = false
    switch (outcome.status) {
      case 'delivered':
        metrics.settled(name, 'delivered')
        break
      case 'refused':
        lose(delivery, 'refused', outcome.reason)
        break
      case 'failed':
        again(delivery, outcome.reason, outcome.retryAfterMs)
        break
      case 'gone':
        state = state === 'closing' ? state : 'gone'
        metrics.settled(name, 'gone', 1 + waiting.length)
        waiting = []
        logger.warn(
          { webhook: name },
          'the receiver of a webhook wants no more: it gets nothing until the next start',
        )
        break
    }
    next()
  }

  function again(delivery: Delivery, reason: string, wishMs: number | undefined): void {
    if (state === 'closing') return lose(delivery, 'abandoned', reason)
    if (delivery.tries >= maxTries) return lose(delivery, 'given_up', reason)
    delivery.dueAt = timers.now() + retryDelayMs(delivery.tries, random(), wishMs)
    // Before the younger ones, as the oldest go first and are the first to be dropped.
    waiting.unshift(delivery)
    metrics.settled(name, 'retried')
    const { id, kind, tries } = delivery
    if (tries === 1) {
      logger.info({ webhook: name, event: { id, kind }, reason }, 'an event did not arrive: it is sent again')
    }
    makeRoom()
  }

  function lose({ id, kind, tries }: Delivery, outcome: DeliveryOutcome, reason: string): void {
    metrics.settled(name, outcome)
    logger.warn({ webhook: name, event: { id, kind }, tries, outcome, reason }, 'an event did not arrive')
  }

  function makeRoom(): void {
    while (waiting.length > queueLimit) lose(waiting.shift()!, 'dropped', `${queueLimit} events wait`)
  }

  return {
    deliver(event) {
      if (state !== 'open' || !kinds.has(event.kind)) return
      const { id, kind } = event
      waiting.push({ id, kind, body: toCloudEvent(event, source), tries: 0, dueAt: timers.now() })
      makeRoom()
      next()
    },
    async close() {
      state = 'closing'
      const cancel = timers.after(closeWithinMs, () => {
        ended.abort()
        for (const delivery of waiting.splice(0)) lose(delivery, 'abandoned', 'the gateway stopped')
      })
      next()
      await empty.promise
      cancel()
    },
  }
}
