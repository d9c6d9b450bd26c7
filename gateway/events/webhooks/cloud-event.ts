import { eventLevels, type GatewayEvent } from '../event.ts'

export const contentType = 'application/cloudevents+json; charset=utf-8'

/** CloudEvents 1.0, HTTP structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export function toCloudEvent(event: GatewayEvent, source: string): string {
  const { id, at, kind, endpoint, arm, about, detail, facts } = event
  const subject = [endpoint, arm].filter((part) => part !== undefined).join('/') || about
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type: `bandit.${kind}`,
    ...(subject !== undefined && { subject }),
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: { kind, level: eventLevels[kind], endpoint, arm, about, detail, facts },
  })
}
