import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { beforeEach, expect, test } from 'vitest'
import { createReplicaClient } from '../../../../gateway/upstream/replicas/client.ts'
import { traceUpstream } from '../../../../gateway/telemetry/tracing/upstream.ts'
import { inRequest, takeSpans, traceparent, tracer } from '../../../fixtures/recorded-spans.ts'
import { rows } from '../../upstream/fixtures/fake-replica.ts'
import { createHarness } from '../../upstream/fixtures/harness.ts'
import { settle } from '../../upstream/fixtures/manual-clock.ts'
import { send, startOipServer } from '../../upstream/fixtures/oip-server.ts'

beforeEach(() => void takeSpans())

const idOf = (span: ReadableSpan) => span.spanContext().spanId
const linksOf = (span: ReadableSpan) => span.links.map(({ context }) => context.spanId)

test('a batch is a child of the first recorded call in it and linked both ways with the others', async () => {
  const { call, replicas } = await createHarness({ tracer: traceUpstream(tracer) })
  const [replica] = replicas
  const calls = [call([0])]
  calls.push(
    call([1]),
    inRequest('b', () => call([2])),
    inRequest('c', () => call([3, 4])),
  )
  replica!.batches[0]!.answer()
  await settle()
  replica!.batches[1]!.answer()
  expect(await Promise.all(calls)).toEqual([[0], [1], [2], [3, 4]])

  const [batch, first, second, ...others] = takeSpans()
  expect(others).toEqual([])
  expect([batch!.name, first!.name, second!.name]).toEqual(['infer sums', 'call sums', 'call sums'])
  expect(batch).toMatchObject({ kind: 2, attributes: { 'bandit.batch.rows': 4 } })
  expect(first!.spanContext().traceId).toBe('b'.repeat(32))
  expect(second!.spanContext().traceId).toBe('c'.repeat(32))
  expect(batch!.parentSpanContext!.spanId).toBe(idOf(first!))
  expect(linksOf(batch!)).toEqual([idOf(second!)])
  expect(linksOf(second!)).toEqual([idOf(batch!)])
  expect(linksOf(first!)).toEqual([])
  expect(replica!.batches.map(({ headers }) => headers)).toEqual([
    undefined,
    { traceparent: `00-${'b'.repeat(32)}-${idOf(batch!)}-01` },
  ])
})

test('a call that is tried again is one span over two exchanges, of which the first failed', async () => {
  const { call, replicas } = await createHarness({ tracer: traceUpstream(tracer), replicas: 2 })
  const answer = inRequest('d', () => call([5]))
  const asked = replicas.findIndex(({ batches }) => batches.length === 1)
  replicas[asked]!.batches[0]!.fail('unreachable')
  await settle()
  replicas[1 - asked]!.batches[0]!.answer()
  expect(await answer).toEqual([5])
  const spans = takeSpans()
  expect(spans.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['infer sums', 'unreachable'],
    ['infer sums', undefined],
    ['call sums', undefined],
  ])
  expect(new Set(spans.slice(0, 2).map((span) => span.parentSpanContext!.spanId))).toEqual(
    new Set([idOf(spans[2]!)]),
  )
})

test('a replica is sent one traceparent', async () => {
  const server = await startOipServer()
  const seen: string[] = []
  server.misbehave = (request, response) => {
    seen.push(...request.rawHeaders)
    send(response, 200, { outputs: [] })
  }
  const client = createReplicaClient({ model: 'sums', address: { index: 0, socket: server.socket } })
  const headers = { traceparent: traceparent('e') }
  await inRequest('f', () => client.infer({ inputs: rows([1, 2]) }, AbortSignal.timeout(5000), 5000, headers))
  await client.close()
  expect(seen.filter((_, i) => i % 2 === 0 && seen[i]!.toLowerCase() === 'traceparent')).toHaveLength(1)
  expect(seen[seen.indexOf('traceparent') + 1]).toBe(traceparent('e'))
})
