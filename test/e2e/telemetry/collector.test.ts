import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../support/free-port.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { pixels, start } from './traced-gateway.ts'

const reporter = fileURLToPath(new URL('../../fixtures/report-opentelemetry.ts', import.meta.url))

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
