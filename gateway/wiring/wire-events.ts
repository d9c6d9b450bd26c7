import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import packageFile from '../../package.json' with { type: 'json' }
import type { EventsConfig } from '../config/config.ts'
import { readVariable } from '../config/reading/environment.ts'
import { createEvents, type Events } from '../events/events.ts'
import { readCredentials } from '../events/webhooks/read-credentials.ts'
import { createSender } from '../events/webhooks/send.ts'
import { createWebhook } from '../events/webhooks/webhook.ts'
import { createOutbound } from '../security/outbound/outbound.ts'
import type { OutboundPolicy } from '../security/outbound/outbound-policy.ts'
import { StartFault } from '../start-fault.ts'
import { createEventLog } from '../telemetry/event-log.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { systemClock } from '../upstream/calls/clock.ts'

export interface WireEventsDeps {
  readonly config: EventsConfig
  readonly outbound: OutboundPolicy
  readonly metrics: Pick<Metrics, 'events' | 'webhooks'>
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Pick<Tracing, 'events'> | undefined
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export interface WiredEvents extends Events {
  /** Sends what waits, for five seconds at the most. */
  close(): Promise<void>
}

/**
 * Where everything that happens is told, with those who always listen: the log, the metrics and the webhooks.
 *
 * @throws StartFault when a secret of a webhook is missing
 */
export function wireEvents({
  config,
  outbound: policy,
  metrics,
  logger,
  tracing,
  clock,
}: WireEventsDeps): WiredEvents {
  const { source } = config
  const { version } = packageFile
  const events = createEvents({ clock, createId: randomUUID })
  events.listen(createEventLog(logger))
  events.listen(metrics.events.count)
  if (tracing?.events !== undefined) events.listen(tracing.events)
  if (config.webhooks.length === 0) return { ...events, close: async () => {} }

  const credentials = readCredentials(config.webhooks, readVariable)
  const urls = config.webhooks.map(({ url }) => new URL(url))
  const { check, dispatcher } = createOutbound({ policy })
  for (const url of urls) refuseAtStart(() => check(url))
  const webhooks = config.webhooks.map(({ name, url, kinds, timeoutMs }) => {
    const send = createSender({ url, ...credentials.get(name)!, timeoutMs, version, dispatcher, clock })
    const shared = { timers: systemClock, random: Math.random, metrics: metrics.webhooks, logger }
    return createWebhook({ name, kinds, source, send, ...shared })
  })
  for (const webhook of webhooks) events.listen((event) => webhook.deliver(event))
  return {
    ...events,
    async close() {
      await Promise.all(webhooks.map((webhook) => webhook.close()))
      await dispatcher.destroy()
    },
  }
}

function refuseAtStart(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw new StartFault(`a webhook cannot be called: ${(error as Error).message}`, { cause: error })
  }
}
