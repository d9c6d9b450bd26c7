import { beforeEach, expect, test } from 'vitest'
import { traceRequests } from '../../../../gateway/telemetry/tracing/requests.ts'
import { createFakeArm, createFakeEndpoint } from '../../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../../fixtures/gateway-app.ts'
import { takeSpans, traceparent, tracer } from '../../../fixtures/recorded-spans.ts'

beforeEach(() => void takeSpans())

const trace = traceRequests(tracer)

test('a recorded request is a span of its caller, named by its route', async () => {
  const gateway = createTestGateway([createFakeEndpoint()], { trace })
  await gateway.app.request('/endpoints/digits?secret=1', { headers: { traceparent: traceparent('a') } })
  const [span] = takeSpans()
  expect(span).toMatchObject({
    name: 'GET /endpoints/:endpoint',
    kind: 1,
    status: { code: 0 },
    attributes: { 'url.path': '/endpoints/digits', 'http.response.status_code': 200 },
  })
  expect(span!.spanContext().traceId).toBe('a'.repeat(32))
  expect(span!.parentSpanContext!.spanId).toBe('a'.repeat(16))
  expect(JSON.stringify(span!.attributes)).not.toContain('secret')
})

test('what fails for a fault of ours says which; what the client did wrong is no error', async () => {
  const arm = createFakeArm('first', 'unreachable')
  const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })], { trace })
  const headers = { traceparent: traceparent('b') }
  const { status } = await post(gateway, '/predict', { inputs: { pixels: [0, 0, 0, 0] } }, headers)
  expect(status).toBe(503)
  await post(gateway, '/predict', 'no JSON', headers)
  const [failed, refused] = takeSpans()
  expect(failed).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'no_arm_available' } })
  expect(refused).toMatchObject({ status: { code: 0 }, attributes: { 'http.response.status_code': 400 } })
})

test.each([
  ['whose caller does not record', '/endpoints', traceparent('c', '00')],
  ['that nobody draws', '/endpoints', ''],
  ['with a broken traceparent', '/endpoints', '00-zz-1-01'],
  ['of a health check', '/livez', traceparent('d')],
])('a request %s leaves no span', async (_what, path, header) => {
  const gateway = createTestGateway([createFakeEndpoint()], { trace })
  expect((await gateway.app.request(path, { headers: { traceparent: header } })).status).toBe(200)
  expect(takeSpans()).toEqual([])
})
