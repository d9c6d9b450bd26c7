import type { IncomingMessage } from 'node:http'
import { logs } from '@opentelemetry/api'
import { beforeEach, expect, test } from 'vitest'
import { HttpFault, type Reply } from '../../model-workers/http.ts'
import type { Model } from '../../model-workers/model.ts'
import { createWorkerTracing } from '../../model-workers/trace-inference.ts'
import { takeSpans, traceparent, tracer } from '../fixtures/recorded-spans.ts'

beforeEach(() => void takeSpans())

const tracing = createWorkerTracing({ tracer, events: logs.getLogger('test'), stop: async () => undefined })

const model: Model = tracing.model({
  metadata: { name: 'm', platform: 'test', inputs: [], outputs: [] },
  infer: async () => [],
  close: async () => undefined,
})

/** A request that runs the model and then ends with `end`. */
const ask = (flags: '00' | '01', end: () => Reply): Promise<Reply> => {
  const headers = { traceparent: traceparent('a', flags) }
  return tracing.request({ headers, url: '/v2/models/m/infer' } as unknown as IncomingMessage, async () => {
    await model.infer({ inputs: [] })
    return end()
  })
}

const refuse = (status: number) => (): never => {
  throw new HttpFault(status, 'no')
}

test('a request that its caller records is a span, and the run of the model one within it', async () => {
  await ask('01', () => ({ status: 200, body: '' }))
  const [run, request, ...others] = takeSpans()
  expect(others).toEqual([])
  expect(run).toMatchObject({ name: 'run m', status: { code: 0 } })
  expect(run!.parentSpanContext!.spanId).toBe(request!.spanContext().spanId)
  expect(request).toMatchObject({ kind: 1, attributes: { 'http.response.status_code': 200 } })
  expect(request!.parentSpanContext!.spanId).toBe('a'.repeat(16))
})

test.each([
  [400, 0],
  [500, 2],
])('an answer of %i has the status %i', async (status, code) => {
  await expect(ask('01', refuse(status))).rejects.toThrow('no')
  const [, request] = takeSpans()
  expect(request).toMatchObject({ status: { code }, attributes: { 'http.response.status_code': status } })
})

test('a request that its caller does not record leaves no span', async () => {
  await ask('00', () => ({ status: 200, body: '' }))
  expect(takeSpans()).toEqual([])
})
