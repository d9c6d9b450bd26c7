import type { Logger, LogRecord } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { sendGatewayEvents } from '../../../../gateway/telemetry/tracing/gateway-events.ts'

test('what happens is a log event with its level, its sentence and its facts', () => {
  const sent: LogRecord[] = []
  const tell = sendGatewayEvents({ emit: (record: LogRecord) => void sent.push(record) } as Logger)
  const event = { id: 'a', at: 1000, endpoint: 'digits', detail: 'no feedback' } as const
  tell({ ...event, kind: 'feedback_stalled', facts: { pulls: 40 } })
  tell({ ...event, kind: 'feedback_back' })
  expect(sent).toMatchObject([
    {
      eventName: 'bandit.feedback_stalled',
      timestamp: 1000,
      severityNumber: 17,
      body: 'no feedback',
      attributes: { 'bandit.event.id': 'a', 'bandit.endpoint': 'digits', 'bandit.event.pulls': 40 },
    },
    { eventName: 'bandit.feedback_back', severityNumber: 9 },
  ])
})
