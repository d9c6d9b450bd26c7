import { SeverityNumber, type Logger } from '@opentelemetry/api'
import { eventLevels } from '../../events/event.ts'
import type { EventListener } from '../../events/events.ts'

const severities = {
  bad: SeverityNumber.ERROR,
  warn: SeverityNumber.WARN,
  good: SeverityNumber.INFO,
  info: SeverityNumber.INFO,
} as const

/** Everything that happens as a log event `bandit.<kind>`; within a recorded request it carries its trace. */
export function sendGatewayEvents(events: Logger): EventListener {
  return ({ id, at, kind, endpoint, arm, about, detail, facts = {} }) =>
    events.emit({
      eventName: `bandit.${kind}`,
      timestamp: at,
      severityNumber: severities[eventLevels[kind]],
      body: detail,
      attributes: {
        'bandit.event.id': id,
        'bandit.endpoint': endpoint,
        'bandit.arm': arm,
        'bandit.event.about': about,
        ...Object.fromEntries(Object.entries(facts).map(([name, fact]) => [`bandit.event.${name}`, fact])),
      },
    })
}
