import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { drawTree, startOtlpReceiver, toTree } from '../../fixtures/otlp-receiver.ts'
import { arrived, label, pixels, start } from './traced-gateway.ts'

const readme = fileURLToPath(new URL('../../../gateway/telemetry/README.md', import.meta.url))

test('a prediction is one tree from the request to the run in the worker, and its feedback links to it', async () => {
  const receiver = await startOtlpReceiver()
  const { caller, gateway } = await start({ ...receiver.env, OTEL_TRACES_SAMPLER_ARG: '1' })
  const { body } = await caller.predict(pixels)
  expect(await caller.feedback({ prediction_id: body.prediction_id, label })).toMatchObject({ status: 200 })

  const [request] = await arrived(receiver, 'POST /predict/:endpoint')
  const [run] = await arrived(receiver, 'run logistic')
  const [feedback] = await arrived(receiver, 'POST /feedback')
  const [learn] = await arrived(receiver, 'learn')
  await arrived(receiver, 'POST /v2/models/{model}/infer')
  const { spans } = receiver
  expect(toTree(spans, request!)).toEqual({
    'bandit-gateway decide': {},
    'bandit-gateway call logistic': {
      'bandit-gateway infer logistic': {
        'bandit-model-worker POST /v2/models/{model}/infer': { 'bandit-model-worker run logistic': {} },
      },
    },
    'bandit-gateway record_decision': {},
  })
  expect(run!.traceId).toBe(request!.traceId)
  expect(request).toMatchObject({
    kind: 2,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/predict/:endpoint',
      'http.response.status_code': 200,
      'url.path': '/predict/digits',
      'server.address': '127.0.0.1',
    },
  })
  expect(request!.parentSpanId).toBeUndefined()
  expect(spans.find(({ name }) => name === 'decide')!.attributes).toMatchObject({
    'bandit.endpoint': 'digits',
    'bandit.arm': 'logistic',
    'bandit.policy': 'uniform',
    'bandit.propensity': 1,
  })
  expect(spans.find(({ name }) => name === 'record_decision')).toMatchObject({
    kind: 3,
    attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'record_decision' },
  })

  expect(toTree(spans, feedback!)).toEqual({
    'bandit-gateway learn': { 'bandit-gateway read_decision': {}, 'bandit-gateway apply_reward': {} },
  })
  expect(feedback!.traceId).not.toBe(request!.traceId)
  expect(learn!.links).toEqual([{ traceId: request!.traceId, spanId: request!.spanId }])
  expect(learn!.attributes).toMatchObject({ 'bandit.feedback.outcome': 'applied', 'bandit.arm': 'logistic' })

  const drawn = [request!, feedback!].flatMap((root) => drawTree(spans, root)).join('\n')
  expect(await readFile(readme, 'utf8'), 'the tree in the README is as it came').toContain(drawn)

  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
})

test('with 1 in 2^53 traces recorded nothing is sent and ids are as short as ever, but a caller can ask for one', async () => {
  const receiver = await startOtlpReceiver()
  const { origin, caller, gateway } = await start({ ...receiver.env, OTEL_TRACES_SAMPLER_ARG: '1e-16' })
  const { body: plain } = await caller.predict(pixels)
  const traceId = 'a'.repeat(31) + 'b'
  const response = await fetch(`${origin}/predict/digits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${'c'.repeat(16)}-01` },
    body: JSON.stringify({ inputs: { pixels: [pixels] } }),
  })
  const traced = (await response.json()) as typeof plain
  const [run] = await arrived(receiver, 'run logistic')
  expect(run!.traceId).toBe(traceId)
  expect(new Set((await arrived(receiver, 'decide')).map((span) => span.traceId))).toEqual(new Set([traceId]))
  expect(Buffer.from(traced.prediction_id, 'base64url').length).toBe(
    Buffer.from(plain.prediction_id, 'base64url').length + 24,
  )
  for (const { prediction_id } of [plain, traced]) {
    expect((await caller.feedback({ prediction_id, label })).status).toBe(200)
  }
  gateway.kill('SIGTERM')
  expect(await gateway.exited).toBe(0)
  const request = receiver.spans.find(({ name }) => name === 'POST /predict/:endpoint')!
  const others = receiver.spans.filter((span) => span.traceId !== traceId)
  expect(others.map(({ name, links }) => ({ name, links }))).toEqual([
    { name: 'learn', links: [{ traceId, spanId: request.spanId }] },
  ])
  expect(receiver.events).toEqual([])
})

test('what is fetched and made of fields, and what becomes of outputs, are spans of the request', async () => {
  const receiver = await startOtlpReceiver()
  const columns = pixels.map((_pixel, at) => `p${at}`)
  const { origin } = await start({ ...receiver.env, OTEL_TRACES_SAMPLER_ARG: '1' }, [], {
    preprocess: { tensors: { pixels: [{ columns }] } },
    features: {
      // Nobody listens there, so that the default stands in.
      users: {
        feast: 'http://127.0.0.1:1',
        entities: { user_id: 'user' },
        values: { p0: { type: 'number', from: 'u:p0', default: pixels[0] } },
      },
    },
    postprocess: [{ keep: ['label'] }],
  })
  const fields = Object.fromEntries(columns.slice(1).map((name, at) => [name, pixels[at + 1]!]))
  const answer = await fetch(`${origin}/predict/digits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { user: 'user-17', ...fields } }),
  })
  expect(await answer.json()).toMatchObject({ outputs: { label: [label] } })
  const [request] = await arrived(receiver, 'POST /predict/:endpoint')
  await arrived(receiver, 'run logistic')
  await arrived(receiver, 'POST /v2/models/{model}/infer')
  const tree = toTree(receiver.spans, request!)
  expect(new Set(Object.keys(tree))).toEqual(
    new Set([
      'bandit-gateway features',
      'bandit-gateway preprocess',
      'bandit-gateway decide',
      'bandit-gateway call logistic',
      'bandit-gateway postprocess keep',
      'bandit-gateway record_decision',
    ]),
  )
  expect(tree['bandit-gateway features']).toEqual({ 'bandit-gateway fetch users': {} })
  const fetched = receiver.spans.find(({ name }) => name === 'fetch users')!
  expect(fetched.attributes).toMatchObject({
    'bandit.features.source': 'users',
    'bandit.features.entities': 1,
    'error.type': 'unavailable',
  })
  expect(JSON.stringify(receiver.spans)).not.toContain('user-17')
})
