import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { TlsSettings } from '../../../../bandit/store/redis/connect-redis.ts'
import { openStore } from '../../../../bandit/store/open-store.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'
import { makeCertificates, type Certificates } from '../../../support/make-certificates.ts'
import { freePort } from '../../../support/free-port.ts'
import { startRedis, type RedisServer } from '../../../support/start-redis.ts'

let dir: Awaited<ReturnType<typeof mkdtempDisposable>>
let files: Certificates
let server: RedisServer
let tlsPort: number

/** It takes TLS only, and clients with a certificate only. */
beforeAll(async () => {
  dir = await mkdtempDisposable(join(tmpdir(), 'bandit-'))
  files = await makeCertificates(dir.path)
  tlsPort = await freePort()
  const certificates = ['--tls-cert-file', files.server.cert, '--tls-key-file', files.server.key]
  server = await startRedis({
    args: [
      '--tls-port',
      String(tlsPort),
      ...certificates,
      '--tls-ca-cert-file',
      files.ca,
      '--requirepass',
      'p@ss',
    ],
  })
})
afterAll(async () => {
  await server.stop()
  await dir.remove()
})

async function settings(): Promise<Required<Pick<TlsSettings, 'ca' | 'cert' | 'key'>>> {
  const [ca, cert, key] = await Promise.all(
    [files.ca, files.client.cert, files.client.key].map((path) => readFile(path, 'utf8')),
  )
  return { ca: ca!, cert: cert!, key: key! }
}

function open(tls: TlsSettings, scheme = 'rediss') {
  const store = openStore(`${scheme}://:p%40ss@127.0.0.1:${tlsPort}`, { clock: Date.now, tls })
  onTestFinished(() => store.close())
  return store
}

test('certificates on both sides', async () => {
  const store = open(await settings())
  await store.ping()
  const secret = 's'.repeat(32)
  expect(await store.signingSecret(secret)).toBe(secret)
})

test('a server that nobody vouches for is not talked to', async () => {
  const { cert, key } = await settings()
  await expect(open({ cert, key }).ping()).rejects.toThrow(/self.signed certificate|unable to (get|verify)/)
})

test('a server under another name is not talked to', async () => {
  const tls = { ...(await settings()), servername: 'elsewhere.test' }
  await expect(open(tls).ping()).rejects.toThrow(/does not match|altnames/)
})

test('without a certificate of its own the gateway is not let in', async () => {
  const { ca } = await settings()
  await expect(open({ ca }).ping()).rejects.toThrow(StoreUnavailable)
})

test('without TLS it is not let in', async () => {
  await expect(open({}, 'redis').ping()).rejects.toThrow(StoreUnavailable)
})
