import { beforeEach, expect, test } from 'vitest'
import { traceLearner } from '../../../../gateway/telemetry/tracing/learner.ts'
import { createFakeLearner } from '../../../fixtures/gateway-app.ts'
import { inRequest, takeSpans, tracer } from '../../../fixtures/recorded-spans.ts'

beforeEach(() => void takeSpans())

const feedback = { predictionId: 'p', reward: 1, eventId: '' }
const trace = 'a'.repeat(32) + 'b'.repeat(16)

const learn = (outcome: object) => {
  const learner = createFakeLearner()
  learner.answer = () => ({ status: 'applied', endpoint: 'digits', arm: 'first', delayMs: 2000, ...outcome })
  return traceLearner(tracer, learner).learn(feedback)
}

const link = { context: expect.objectContaining({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }) }

test('feedback about a recorded prediction is recorded, whatever its own request is', async () => {
  await learn({ trace })
  const [alone] = takeSpans()
  expect(alone).toMatchObject({ name: 'learn', attributes: { 'bandit.feedback.outcome': 'applied' } })
  expect(alone!.links).toEqual([expect.objectContaining(link)])
  expect(alone!.parentSpanContext).toBeUndefined()
  expect(alone!.spanContext().traceId).not.toBe('a'.repeat(32))

  await inRequest('c', () => learn({ trace }))
  const [within] = takeSpans()
  expect(within!.links).toEqual([expect.objectContaining(link)])
  expect(within!.spanContext().traceId).toBe('c'.repeat(32))
})

test('feedback about any other prediction is recorded with its request only', async () => {
  await learn({})
  expect(takeSpans()).toEqual([])
  await inRequest('d', () => learn({ status: 'late' }))
  expect(takeSpans()).toMatchObject([{ links: [], attributes: { 'bandit.feedback.outcome': 'late' } }])
})
