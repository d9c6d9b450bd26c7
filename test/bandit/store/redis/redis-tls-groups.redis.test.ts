import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../../bandit/store/open-store.ts'
import { StoreUnavailable, type Store } from '../../../../bandit/store/store.ts'
import { createRedisGuard } from '../../../../gateway/security/outbound/redis-guard.ts'
import { keyOf, reward, settings, sumsOf } from '../../../contract/store/fixture.ts'
import { quietLogger } from '../../../fixtures/quiet-logger.ts'
import { freePort } from '../../../support/free-port.ts'
import { makeCertificates } from '../../../support/make-certificates.ts'
import { type RedisOptions, startRedis } from '../../../support/start-redis.ts'
import { waitUntil } from '../../../support/wait-until.ts'

let dir: Awaited<ReturnType<typeof mkdtempDisposable>>
let certified: readonly string[]
let tls: { readonly ca: string; readonly cert: string; readonly key: string }

beforeAll(async () => {
  dir = await mkdtempDisposable(join(tmpdir(), 'bandit-'))
  const { ca, server, client } = await makeCertificates(dir.path)
  certified = ['--tls-cert-file', server.cert, '--tls-key-file', server.key, '--tls-ca-cert-file', ca]
  const read = (path: string) => readFile(path, 'utf8')
  tls = { ca: await read(ca), cert: await read(client.cert), key: await read(client.key) }
})
afterAll(() => dir.remove())

/** Takes TLS on the answered port, and clients with a certificate only. */
async function startTls(args: readonly string[], options: RedisOptions = {}): Promise<number> {
  const tlsPort = await securePort()
  const server = await startRedis({
    ...options,
    args: ['--tls-port', String(tlsPort), ...certified, ...args],
  })
  onTestFinished(() => server.stop())
  return tlsPort
}

/** A Cluster node's second port is its first plus 10,000. */
async function securePort(): Promise<number> {
  for (;;) {
    const port = await freePort()
    if (port < 55_536) return port
  }
}

function admin(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { tls })
  onTestFinished(() => client.disconnect())
  return client
}

function open(url: string, given: typeof tls = tls): Store {
  const guard = createRedisGuard({ policy: { allow: ['127.0.0.0/8'] }, logger: quietLogger })
  const store = openStore(url, { clock: Date.now, tls: given, guard })
  onTestFinished(() => store.close())
  return store
}

async function learns(url: string): Promise<void> {
  const store = open(url)
  await waitUntil(() => store.ping().then(() => true), { what: 'the store answers', timeoutMs: 5000 })
  for (const endpoint of ['one', 'two', 'three', 'four', 'five']) {
    const own = store.endpoint({ ...settings, endpoint })
    expect(await own.applyReward(reward({ key: keyOf(1) }))).toMatchObject({ status: 'applied' })
    expect(sumsOf(await own.readState(), 'a')[0]).toBe(1)
  }
}

test('a master that a Sentinel names, both with TLS alone', async () => {
  const port = await startTls(['--tls-replication', 'yes'])
  const path = join(dir.path, 'sentinel.conf')
  await writeFile(path, `sentinel monitor mymaster 127.0.0.1 ${port} 1\n`)
  const sentinel = await startTls(['--tls-replication', 'yes'], { dir: dir.path, sentinel: path })
  const url = `rediss-sentinel://127.0.0.1:${sentinel}/mymaster`
  await learns(url)
  await expect(open(url, { ...tls, ca: tls.cert }).ping()).rejects.toThrow(StoreUnavailable)
}, 20_000)

test('a Cluster of two masters with TLS between all of them', async () => {
  const enabled = ['--cluster-enabled', 'yes', '--tls-cluster', 'yes']
  const ports = [await startTls(enabled), await startTls(enabled)]
  const [one, two] = ports.map(admin) as [Redis, Redis]
  await one.cluster('ADDSLOTSRANGE', 0, 8191)
  await two.cluster('ADDSLOTSRANGE', 8192, 16_383)
  await two.call('CLUSTER', 'SET-CONFIG-EPOCH', 2)
  await one.cluster('MEET', '127.0.0.1', ports[1]!)
  const isReady = async () =>
    (await Promise.all([one, two].map((node) => node.cluster('INFO')))).every(
      (info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:2'),
    )
  await waitUntil(isReady, { what: 'the Cluster is there', timeoutMs: 15_000 })
  await learns(`rediss-cluster://127.0.0.1:${ports[0]}`)
  // Endpoints are spread over both.
  expect((await Promise.all([one, two].map((node) => node.dbsize()))).every((keys) => keys > 0)).toBe(true)
}, 30_000)
