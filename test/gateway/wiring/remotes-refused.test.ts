import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RemoteModelConfig } from '../../../gateway/config/models/remote.ts'
import { StartFault } from '../../../gateway/start-fault.ts'
import { createMetrics } from '../../../gateway/telemetry/metrics/metrics.ts'
import { wireRemotes } from '../../../gateway/wiring/wire-remotes.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'
import { makeCertificates } from '../../support/make-certificates.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { send, startOipServer } from '../upstream/fixtures/oip-server.ts'
import { remote, start, startWith, sum, x } from './fixtures/remotes.ts'

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
