import type { ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { waitUntil } from '../../support/wait-until.ts'
import { send, startOipServer } from '../upstream/fixtures/oip-server.ts'
import { start, sum, x } from './fixtures/remotes.ts'

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
