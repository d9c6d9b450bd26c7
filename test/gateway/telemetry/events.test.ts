import { expect, test } from 'vitest'
import { Registry } from 'prom-client'
import type { GatewayEvent } from '../../../gateway/events/event.ts'
import { createEventLog } from '../../../gateway/telemetry/event-log.ts'
import { createEventMetrics } from '../../../gateway/telemetry/metrics/event-metrics.ts'
import { createLogger } from '../../../gateway/telemetry/logger.ts'

const event = (facts: Partial<GatewayEvent>): GatewayEvent => ({
  id: 'a',
  at: 1000,
  kind: 'arm_back',
  detail: 'it is back',
  ...facts,
})

test('an event is one line in the log, a warning where something is wrong, cut where it is long', () => {
  const lines: string[] = []
  const log = createEventLog(
    createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  )
  log(event({ endpoint: 'digits', arm: 'first' }))
  log(event({ kind: 'arm_unavailable', detail: 'gone', facts: { reason: 'x'.repeat(1000) } }))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      level: 'info',
      msg: 'it is back',
      event: { id: 'a', at: 1000, kind: 'arm_back', endpoint: 'digits', arm: 'first' },
    },
    { level: 'warn', msg: 'gone', event: { facts: { reason: `${'x'.repeat(256)}…` } } },
  ])
})

test('events are counted by kind and endpoint, from 0 on', async () => {
  const registry = new Registry()
  const { count, begin } = createEventMetrics(registry)
  begin(['digits', 'fraud'])
  count(event({ endpoint: 'digits' }))
  count(event({ endpoint: 'digits' }))
  count(event({ kind: 'store_away' }))
  const text = await registry.metrics()
  expect(text).toContain('bandit_events_total{kind="arm_back",endpoint="digits"} 2')
  expect(text).toContain('bandit_events_total{kind="store_away",endpoint=""} 1')
  expect(text).toContain('bandit_events_total{kind="store_lost_state",endpoint="fraud"} 0')
})
