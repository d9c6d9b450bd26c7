import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import {
  drawTree,
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
  toTree,
} from '../../fixtures/otlp-receiver.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const { pixels, label } = images[0]!
const readme = fileURLToPath(new URL('../../../gateway/telemetry/README.md', import.meta.url))
const reporter = fileURLToPath(new URL('../../fixtures/report-opentelemetry.ts', import.meta.url))

const start = async (
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  endpoint: object = {},
) => {
  const store = await newStore.sqlite()
  const config = await digitsConfig({ models: ['logistic'] })
  const written = JSON.parse(await readFile(config, 'utf8'))
  Object.assign(written.endpoints.digits, endpoint)
  await writeFile(config, JSON.stringify(written))
  const gateway = runGateway({ config, store, tmp: await tempDir(), env, args })
  const origin = await gateway.ready()
  return { gateway, origin, caller: createCaller(origin) }
}

const arrived = ({ spans }: OtlpReceiver, name: string, count = 1): Promise<ReceivedSpan[]> =>
  waitUntil(
    () => {
      const found = spans.filter((span) => span.name === name)
      return found.length >= count && found
    },
    { what: `${count} spans "${name}" have arrived` },
  )

/** Decisions alone: a machine that is busy has overload to tell of, too. */
const evaluationsIn = ({ events }: OtlpReceiver) =>
  events.filter(({ eventName }) => eventName === 'feature_flag.evaluation')

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

/** A server that takes everything in and never answers. */
const startSilent = async (): Promise<number> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined).resume()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test.each([
  ['away', freePort],
  ['silent', startSilent],
])(
  'a collector that is %s is a line in the log; requests go on and the gateway stops in time',
  async (_how, port) => {
    const { caller, gateway } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await port()}`,
      OTEL_TRACES_SAMPLER_ARG: '1',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    })
    for (let i = 0; i < 5; i += 1) expect((await caller.predict(pixels)).status).toBe(200)
    await waitUntil(() => gateway.log().some(({ msg }) => msg === 'OpenTelemetry has a fault'), {
      what: 'the fault is told',
      timeoutMs: 10_000,
    })
    expect((await caller.predict(pixels)).status).toBe(200)
    const askedAt = performance.now()
    gateway.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - askedAt).toBeLessThan(8000)
    expect(gateway.log().map(({ level }) => level)).not.toContain('error')
  },
)

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

test('spans are sent as protobuf unless something else is asked for', async () => {
  const received: { readonly path: string | undefined; readonly type: string | undefined; body: Buffer }[] =
    []
  const collector = createHttpServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ path: request.url, type: request.headers['content-type'], body })
      response.end()
    })
  })
  collector.listen(0, '127.0.0.1')
  await once(collector, 'listening')
  onTestFinished(() => {
    collector.closeAllConnections()
    collector.close()
  })
  const { caller } = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  })
  await caller.predict(pixels)
  await waitUntil(() => received.some(({ body }) => body.includes('POST /predict/:endpoint')), {
    what: 'the spans of the gateway have arrived',
  })
  await waitUntil(() => received.some(({ body }) => body.includes('run logistic')), {
    what: 'the spans of the worker have arrived',
  })
  for (const { path, type } of received)
    expect([path, type]).toEqual(['/v1/traces', 'application/x-protobuf'])
})

test.each([
  ['nothing of OpenTelemetry is loaded where no collector is named', undefined, false],
  ['it is loaded where one is named', 'http://127.0.0.1:1', true],
])('%s', async (_what, endpoint = '', isLoaded) => {
  const { caller, gateway } = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    NODE_OPTIONS: `--import=${reporter}`,
  })
  expect((await caller.predict(pixels)).status).toBe(200)
  expect(gateway.stderr().includes('/@opentelemetry/')).toBe(isLoaded)
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
