import { beforeEach, expect, test } from 'vitest'
import { createEnrich } from '../../../../gateway/features/enrich.ts'
import { createPipeline, type Pipeline } from '../../../../gateway/pipeline/pipeline.ts'
import { traceEnrich } from '../../../../gateway/telemetry/tracing/enrich.ts'
import { traceSource } from '../../../../gateway/telemetry/tracing/features.ts'
import { tracePipeline } from '../../../../gateway/telemetry/tracing/pipeline.ts'
import { traceSteps } from '../../../../gateway/telemetry/tracing/steps.ts'
import { UpstreamError } from '../../../../gateway/upstream/errors.ts'
import { inRequest, takeSpans, tracer } from '../../../fixtures/recorded-spans.ts'
import { soundConfig } from '../../../fixtures/sound-config.ts'

beforeEach(() => void takeSpans())

const config = soundConfig(`
models: { m: { onnx: ./m.onnx } }
endpoints:
  churn:
    arms: { a: { model: m } }
    preprocess: { tensors: { x: [{ columns: [age] }] } }
    postprocess: [{ threshold: { output: p, at: 0.5, to: yes } }, { keep: [yes] }]
`).endpoints[0]!
const traced = tracePipeline(tracer, 'churn', createPipeline(config) as Pipeline)
const specs = [{ name: 'x', datatype: 'FP32' as const, shape: [-1, 1] }]

test('making tensors is a span, and so is every step of what becomes of outputs', () => {
  inRequest('a', () => {
    const table = traced.before!.parse({ age: [31, 40] })
    expect(traced.before!.toTensors(table, specs)).toHaveLength(1)
    expect(traced.after!.run({ p: [0.2, 0.7] }, table)).toEqual({ yes: [0, 1] })
  })
  expect(takeSpans().map(({ name, attributes, kind }) => ({ name, attributes, kind }))).toEqual([
    {
      name: 'preprocess',
      kind: 0,
      attributes: { 'bandit.endpoint': 'churn', 'bandit.rows': 2, 'bandit.inputs': ['x'] },
    },
    { name: 'postprocess threshold', kind: 0, attributes: { 'bandit.endpoint': 'churn' } },
    { name: 'postprocess keep', kind: 0, attributes: { 'bandit.endpoint': 'churn' } },
  ])
})

test('models before the arms are a span, and how they failed is in it', async () => {
  const run = async () => {
    throw new UpstreamError('timeout', 'shrink', 'late')
  }
  const steps = traceSteps(tracer, 'churn', { available: () => true, run })
  const tensors = [{ name: 'image', datatype: 'UINT8' as const, shape: [1], bytes: new Uint8Array(1) }]
  const caller = { onGone: () => undefined }
  await expect(steps.run(tensors, 0, caller)).rejects.toThrow('late')
  expect(takeSpans()).toEqual([])
  await inRequest('b', () => expect(steps.run(tensors, 0, caller)).rejects.toThrow('late'))
  expect(takeSpans()).toMatchObject([
    {
      name: 'preprocess models',
      status: { code: 2 },
      attributes: { 'bandit.endpoint': 'churn', 'bandit.inputs': ['image'], 'error.type': 'timeout' },
    },
  ])
})

test('outputs that a step cannot do with end it as an error, a wrong request does not', () => {
  inRequest('b', () => {
    expect(() => traced.after!.run({ q: [1] }, undefined)).toThrow()
    expect(() => traced.before!.toTensors(traced.before!.parse({ age: ['old'] }), specs)).toThrow()
  })
  expect(takeSpans()).toMatchObject([
    { name: 'postprocess threshold', status: { code: 2 }, attributes: { 'error.type': 'bad_output' } },
    { name: 'preprocess', status: { code: 0 }, attributes: { 'error.type': 'invalid_input' } },
  ])
})

test('each question to a source is a span within that of the features, with how it failed and nobody in it', async () => {
  const source = {
    read: async () => 'timeout' as const,
    close: () => Promise.resolve(),
  }
  const one = {
    name: 'users',
    at: { kind: 'feast' as const, url: 'http://feast', entities: {}, headers: {} },
    keys: ['user'],
    features: [{ name: 'age', from: 'u:age', type: 'number' as const, default: 40 }],
    timeoutMs: 20,
    cache: undefined,
  }
  const told = () => undefined
  const enrich = traceEnrich(
    tracer,
    'churn',
    createEnrich({
      sources: [
        {
          config: one,
          source: traceSource(tracer, { endpoint: 'churn', source: 'users' }, source),
          cache: undefined,
        },
      ],
      metrics: { looked: told, took: told, missing: told },
      monotonic: () => 0,
    }),
  )
  const table = { rows: 2, fields: new Map([['user', { values: ['anna', 'bert'], single: false }]]) }
  await inRequest('c', () => enrich(table))
  const [fetched, features] = takeSpans()
  expect(fetched).toMatchObject({
    name: 'fetch users',
    kind: 2,
    status: { code: 2 },
    attributes: {
      'bandit.endpoint': 'churn',
      'bandit.features.source': 'users',
      'bandit.features.entities': 2,
      'error.type': 'timeout',
    },
  })
  expect(fetched!.parentSpanContext!.spanId).toBe(features!.spanContext().spanId)
  expect(JSON.stringify(fetched!.attributes)).not.toMatch(/anna|bert/)
})

test('what is not recorded leaves no span', async () => {
  traced.after!.run({ p: [0.2] }, undefined)
  traced.before!.toTensors(traced.before!.parse({ age: [31] }), specs)
  expect(takeSpans()).toEqual([])
})
