import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { readFile } from 'node:fs/promises'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { RemoteModelConfig, RemoteTensor } from '../../../gateway/config/models/remote.ts'
import type { OutboundPolicy } from '../../../gateway/security/outbound-policy.ts'
import { StartFault } from '../../../gateway/start-fault.ts'
import { createMetrics } from '../../../gateway/telemetry/metrics.ts'
import { wireRemotes } from '../../../gateway/wiring/wire-remotes.ts'
import { elementsToJson } from '../../../model-workers/protocol/json.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'
import { makeCertificates } from '../../support/make-certificates.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { rows } from '../upstream/fixtures/fake-replica.ts'
import { send, startOipServer } from '../upstream/fixtures/oip-server.ts'

const remote = (more: Partial<RemoteModelConfig>): RemoteModelConfig => ({
  name: 'far',
  urls: [],
  protocol: 'open-inference',
  servedAs: 'sums',
  version: undefined,
  headers: {},
  tls: undefined,
  ready: undefined,
  inputs: undefined,
  outputs: undefined,
  maxBatch: 1,
  queue: 128,
  deadlineMs: undefined,
  ...more,
})

async function start(...configs: Partial<RemoteModelConfig>[]) {
  return startWith({}, ...configs)
}

async function startWith(outbound: OutboundPolicy, ...configs: Partial<RemoteModelConfig>[]) {
  const remotes = wireRemotes({
    remotes: configs.map(remote),
    outbound,
    metrics: createMetrics({ registry: new Registry(), version: 'test' }),
    logger: quietLogger,
  })
  onTestFinished(() => remotes.close())
  await remotes.start()
  const upstream = remotes.upstreams.get('far')!
  const infer = async (deadlineMs = 2000) => {
    const [sum] = await upstream.infer(rows([1, 2], [3, 4]), performance.now() + deadlineMs)
    return { name: sum!.name, values: elementsToJson(sum!) }
  }
  return { remotes, upstream, infer }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

async function serve(answer: Answer): Promise<string> {
  const http = createServer((request, response) => void answer(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

const x: RemoteTensor = { name: 'x', datatype: 'FP32', shape: [-1, 2], as: 'x' }
const sum: RemoteTensor = { name: 'sum', datatype: 'FP64', shape: [-1], as: 'sum' }

describe('a server of the Open Inference Protocol', () => {
  test.each([
    [undefined, 'application/json'],
    [['model_repository'], 'application/json'],
    [['binary_tensor_data'], 'application/octet-stream'],
  ])('with the extensions %j is sent %s', async (extensions, type) => {
    const server = await startOipServer('tcp')
    server.extensions = extensions
    const { infer, upstream } = await start({ urls: [server.url] })
    expect(await infer()).toEqual({ name: 'sum', values: [3, 7] })
    expect(server.lastHeaders['content-type']).toBe(type)
    expect(upstream.metadata()?.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1, 2] }])
  })

  test.each([
    [['schedule_policy', 'binary_tensor_data'], { timeout: expect.any(Number) }],
    [['binary_tensor_data'], undefined],
  ])('with the extensions %j is told how long the answer is waited for', async (extensions, parameters) => {
    const server = await startOipServer('tcp')
    server.extensions = extensions
    const { infer } = await start({ urls: [server.url] })
    await infer()
    const waitedMs = Number(server.lastHeaders['bandit-timeout-ms'])
    expect(waitedMs).toBeGreaterThan(0)
    expect(server.lastParameters).toEqual(parameters)
    // Triton counts in microseconds.
    if (parameters !== undefined) expect(server.lastParameters).toEqual({ timeout: 1000 * waitedMs })
  })

  test('is asked for a version, with headers from the environment', async () => {
    vi.stubEnv('FAR_TOKEN', 'Bearer secret')
    onTestFinished(() => void vi.unstubAllEnvs())
    const server = await startOipServer('tcp')
    const { infer } = await start({
      urls: [server.url],
      version: '2',
      headers: { Authorization: 'FAR_TOKEN' },
    })
    await infer()
    expect(server.requests.at(-1)).toBe('POST /base/v2/models/sums/versions/2/infer')
    expect(server.lastHeaders.authorization).toBe('Bearer secret')
  })

  test('may name its tensors otherwise', async () => {
    const server = await startOipServer('tcp')
    const outputs = [{ ...sum, name: 'score' }]
    const { infer, upstream } = await start({ urls: [server.url], outputs })
    expect(await infer()).toEqual({ name: 'score', values: [3, 7] })
    expect(upstream.metadata()?.outputs[0]?.name).toBe('score')
  })

  test('that says nothing of its tensors is as the configuration says', async () => {
    const server = await startOipServer('tcp')
    server.metadata = { name: 'sums', versions: [], platform: '', inputs: [], outputs: [] }
    const { infer } = await start({ urls: [server.url], inputs: [x], outputs: [sum] })
    expect((await infer()).values).toEqual([3, 7])
    const silent = await start({ urls: [server.url] })
    expect(silent.upstream.available()).toBe(false)
    expect(silent.remotes.replicas()).toEqual([{ model: 'far', replica: 0, state: 'down', restarts: 0 }])
  })

  test('that serves other tensors than the configuration says is not asked', async () => {
    const server = await startOipServer('tcp')
    const { upstream, infer } = await start({ urls: [server.url], inputs: [{ ...x, datatype: 'INT32' }] })
    expect(upstream.available()).toBe(false)
    await expect(infer()).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('is several addresses, and one that goes is missed by nobody', async () => {
    const servers = [await startOipServer('tcp'), await startOipServer('tcp')]
    const { infer, remotes } = await start({ urls: servers.map(({ url }) => url) })
    const inferences = () =>
      servers.map(({ requests }) => requests.filter((line) => line.endsWith('/infer')).length)
    for (let i = 0; i < 10; i++) await infer()
    expect(inferences()).toEqual([5, 5])
    await servers[0]!.kill()
    for (let i = 0; i < 10; i++) expect((await infer()).values).toEqual([3, 7])
    expect(remotes.replicas().map(({ state }) => state)).toEqual(['down', 'up'])
  })

  test('is asked many things at once', async () => {
    const server = await startOipServer('tcp')
    let underWay = 0
    let most = 0
    const { infer } = await start({ urls: [server.url] })
    const waiting: ServerResponse[] = []
    server.misbehave = (_request, response) => {
      most = Math.max(most, ++underWay)
      waiting.push(response)
    }
    const calls = Array.from({ length: 25 }, () => infer())
    await waitUntil(() => most === 20, { what: 'twenty are under way' })
    for (const response of waiting.splice(0)) send(response, 503, { error: 'full' })
    server.misbehave = undefined
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(5)
    expect(most).toBe(20)
  })

  test('that does not answer in time is a timeout, and its request is called off', async () => {
    const server = await startOipServer('tcp')
    const { infer } = await start({ urls: [server.url] })
    const closed = Promise.withResolvers<void>()
    server.misbehave = (_request, response) => response.once('close', () => closed.resolve())
    await expect(infer(100)).rejects.toMatchObject({ code: 'timeout' })
    await closed.promise
  })

  test('that leads elsewhere is not followed', async () => {
    const server = await startOipServer('tcp')
    const { infer } = await start({ urls: [server.url] })
    server.misbehave = (_request, response) => void response.writeHead(307, { location: server.url }).end()
    await expect(infer()).rejects.toMatchObject({ code: 'bad_output' })
  })

  test('that is down at the start is there as soon as it comes', async () => {
    const server = await startOipServer('tcp')
    server.ready = false
    const { upstream, infer } = await start({ urls: [server.url] })
    expect(upstream.available()).toBe(false)
    server.ready = true
    await waitUntil(() => upstream.available(), { what: 'the server is found' })
    expect((await infer()).values).toEqual([3, 7])
  })
})

test('TensorFlow Serving is asked by columns', async () => {
  const asked: unknown[] = []
  const url = await serve(async (request, response) => {
    if (request.method === 'GET')
      return send(response, 200, { model_version_status: [{ version: '3', state: 'AVAILABLE' }] })
    const body = (await json(request)) as { inputs: { rows: number[][] } }
    asked.push([request.url, body])
    send(response, 200, { outputs: body.inputs.rows.map(([a, b]) => a! + b!) })
  })
  const { infer } = await start({
    urls: [url],
    protocol: 'tensorflow',
    version: '3',
    inputs: [{ ...x, as: 'rows' }],
    outputs: [sum],
  })
  expect(await infer()).toEqual({ name: 'sum', values: [3, 7] })
  expect(asked).toEqual([
    [
      '/v1/models/sums/versions/3:predict',
      {
        inputs: {
          rows: [
            [1, 2],
            [3, 4],
          ],
        },
      },
    ],
  ])
})

describe('a server of plain JSON', () => {
  const placed = {
    protocol: 'json' as const,
    inputs: [{ ...x, as: '/instances/*/features' }],
    outputs: [{ ...sum, as: '/predictions/*/score' }],
  }
  const answer: Answer = async (request, response) => {
    if (request.url === '/health') return send(response, 200, {})
    if (request.method === 'GET') return send(response, 404, {})
    const { instances } = (await json(request)) as { instances: { features: number[] }[] }
    send(response, 200, { predictions: instances.map(({ features: [a, b] }) => ({ score: a! + b! })) })
  }

  test('is asked and answers where the configuration says', async () => {
    const { infer } = await start({
      ...placed,
      urls: [`${await serve(answer)}/score?full=1`],
      ready: '/health',
    })
    expect(await infer()).toEqual({ name: 'sum', values: [3, 7] })
  })

  test('that is not ready is not asked', async () => {
    const { upstream } = await start({ ...placed, urls: [await serve(answer)], ready: '/nowhere' })
    expect(upstream.available()).toBe(false)
  })

  test.each([
    ['something else', { predictions: [{ label: 1 }, { label: 2 }] }],
    ['text for a number', { predictions: [{ score: 'a' }, { score: 'b' }] }],
    ['no list', { predictions: { score: 1 } }],
  ])('that answers %s gives a bad answer', async (_, body) => {
    const url = await serve((_request, response) => send(response, 200, body))
    const { infer } = await start({ ...placed, urls: [url] })
    await expect(infer()).rejects.toMatchObject({ code: 'bad_output' })
  })

  test.each([
    [422, 'rejected'],
    [500, 'bad_output'],
  ])('that answers %i is %s', async (status, code) => {
    const url = await serve((_request, response) => send(response, status, { detail: 'no' }))
    const { infer } = await start({ ...placed, urls: [url] })
    await expect(infer()).rejects.toMatchObject({ code })
  })
})

test('a certificate of an authority of our own is trusted where the configuration names it', async () => {
  const dir = await tempDir()
  const files = await makeCertificates(dir)
  const https = createSecureServer(
    { key: await readFile(files.server.key), cert: await readFile(files.server.cert) },
    (_request, response) => send(response, 200, { sums: [3, 7] }),
  )
  https.listen(0, '127.0.0.1')
  await once(https, 'listening')
  onTestFinished(() => void https.close())
  const config = {
    urls: [`https://127.0.0.1:${(https.address() as AddressInfo).port}`],
    protocol: 'json' as const,
    inputs: [{ ...x, as: '/x' }],
    outputs: [{ ...sum, as: '/sums' }],
  }
  const tls = { ca: files.ca, cert: undefined, key: undefined, serverName: undefined }
  expect((await (await start({ ...config, tls })).infer()).values).toEqual([3, 7])
  await expect((await start(config)).infer()).rejects.toMatchObject({ code: 'unreachable' })
})

test('a name that is listed is not asked where it leads into a network that is not', async () => {
  const server = await startOipServer('tcp')
  const urls = [server.url.replace('127.0.0.1', 'localhost')]
  const { infer } = await startWith({ allow: ['localhost'] }, { urls })
  await expect(infer(5000)).rejects.toMatchObject({ code: 'unreachable' })
  expect(server.requests).toEqual([])
  const allowed = await startWith({ allow: ['127.0.0.0/8', '::1'] }, { urls })
  expect((await allowed.infer()).values).toEqual([3, 7])
})

describe('at the start', () => {
  const wire = (more: Partial<RemoteModelConfig>) => () =>
    wireRemotes({
      remotes: [remote(more)],
      outbound: {},
      metrics: createMetrics({ registry: new Registry(), version: 'test' }),
      logger: quietLogger,
    })

  test('a header whose variable is not set is told', () => {
    const fault = wire({ urls: ['http://127.0.0.1:1'], headers: { authorization: 'NOBODY_SETS_THIS' } })
    expect(fault).toThrow(StartFault)
    expect(fault).toThrow('far: set NOBODY_SETS_THIS, which its header authorization is taken from')
  })

  test('an address that gives credentials to whoever asks is refused', () => {
    expect(wire({ urls: ['http://169.254.169.254/latest'] })).toThrow(/far: .*nobody may call/)
  })

  test('a file of TLS that cannot be read is told', () => {
    const tls = { ca: '/nowhere/ca.pem', cert: undefined, key: undefined, serverName: undefined }
    expect(wire({ urls: ['https://127.0.0.1:1'], tls })).toThrow('cannot read models.far.tls.ca')
  })
})
