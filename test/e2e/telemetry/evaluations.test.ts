import { expect, test } from 'vitest'
import { startOtlpReceiver } from '../../fixtures/otlp-receiver.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { arrived, evaluationsIn, pixels, start } from './traced-gateway.ts'

test('every decision is an event where that is asked for, with whom it is for hashed', async () => {
  const receiver = await startOtlpReceiver()
  const { caller } = await start({
    ...receiver.env,
    OTEL_TRACES_SAMPLER_ARG: '0',
    OTEL_LOGS_EXPORTER: 'otlp',
  })
  await caller.predict(pixels, { key: 'user-17' })
  await caller.predict(pixels)
  await waitUntil(() => evaluationsIn(receiver).length === 2, { what: 'both events have arrived' })
  const [first, second] = evaluationsIn(receiver)
  expect(first).toMatchObject({
    eventName: 'feature_flag.evaluation',
    attributes: {
      'feature_flag.key': 'digits',
      'feature_flag.result.variant': 'logistic',
      'feature_flag.result.reason': 'split',
      'feature_flag.provider.name': 'bandit-gateway',
      'feature_flag.context.id': expect.stringMatching(/^[0-9a-f]{16}$/),
      'bandit.policy': 'uniform',
      'bandit.propensity': 1,
      'bandit.decision.id': expect.stringMatching(/^[\w-]{16}$/),
    },
  })
  expect(JSON.stringify(receiver.events)).not.toContain('user-17')
  expect(second!.attributes).not.toHaveProperty(['feature_flag.context.id'])
  expect(receiver.spans).toEqual([])
})

test('a line and an event about a recorded request name its trace', async () => {
  const receiver = await startOtlpReceiver()
  const env = { ...receiver.env, OTEL_TRACES_SAMPLER_ARG: '1', OTEL_LOGS_EXPORTER: 'otlp' }
  const { caller, gateway } = await start(env, ['--log-level=debug'])
  await caller.predict(pixels)
  const [request] = await arrived(receiver, 'POST /predict/:endpoint')
  const line = gateway.log().find(({ msg }) => msg === 'request')
  expect(line).toMatchObject({ trace_id: request!.traceId, span_id: request!.spanId })
  await waitUntil(() => evaluationsIn(receiver).length > 0, { what: 'the event has arrived' })
  expect(evaluationsIn(receiver)[0]!.traceId).toBe(request!.traceId)
  const before = gateway.log().find(({ msg }) => msg === 'ready')
  expect(before).not.toHaveProperty('trace_id')
})
