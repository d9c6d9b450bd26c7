import { expect, test } from 'vitest'
import { createMetrics } from '../../../../gateway/telemetry/metrics/metrics.ts'
import { createRegistry } from '../../../../gateway/telemetry/metrics/registry.ts'
import type { TraceIds } from '../../../../gateway/telemetry/tracing.ts'
import { createTestGateway, post } from '../../../fixtures/gateway-app.ts'

const ids: TraceIds = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' }
const openMetrics = { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3' }

function traced(traceIds: () => TraceIds | undefined) {
  const metrics = createMetrics({ registry: createRegistry(true), version: 'test', exemplars: traceIds })
  return createTestGateway(undefined, { metrics })
}

test('a latency names the trace of a request that is recorded', async () => {
  const gateway = traced(() => ids)
  await post(gateway, '/predict', '{')
  const response = await gateway.app.request('/metrics', { headers: openMetrics })
  expect(response.headers.get('content-type')).toMatch('application/openmetrics-text')
  const text = await response.text()
  expect(text).toMatch(
    /bandit_request_duration_seconds_bucket\{.*route="\/predict",status="4xx"\} 1 # \{trace_id="0af7651916cd43dd8448eb211c80319c"\} 0 \d+/,
  )
  expect(text).toMatch(/^# TYPE bandit_decisions counter$/m)
  expect(text.endsWith('# EOF\n')).toBe(true)
})

test('who does not ask for OpenMetrics gets what there was without exemplars', async () => {
  const gateway = traced(() => ids)
  const without = createTestGateway()
  for (const each of [gateway, without]) await post(each, '/predict', '{')
  const plain = await gateway.app.request('/metrics')
  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const samplesOf = (text: string): string[] =>
    text.split('\n').filter((line) => /^(# (TYPE|HELP) )?bandit_(request|decisions|feedback|arm)/.test(line))
  const expected = await (await without.app.request('/metrics')).text()
  expect(samplesOf(await plain.text())).toEqual(samplesOf(expected))
})

test('a request that is not recorded leaves no exemplar', async () => {
  const gateway = traced(() => undefined)
  await post(gateway, '/predict', '{')
  const text = await (await gateway.app.request('/metrics', { headers: openMetrics })).text()
  expect(text).not.toContain('trace_id')
})
