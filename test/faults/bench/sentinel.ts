import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { RedisBinary } from '../../support/find-redis.ts'
import { freePort } from '../../support/free-port.ts'
import { type RedisServer, startRedis } from '../../support/start-redis.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** One master, two replicas and three Sentinels. */
export interface SentinelGroup {
  /** As the gateway's configuration names it. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The server that the Sentinels send clients to now. */
  master(): Promise<RedisServer>
  stop(): Promise<void>
}

const name = 'mymaster'

interface SentinelOptions {
  readonly downAfterMs?: number
  /** Where the master is, and where the others are; all on loopback when absent. */
  readonly places?: { readonly near: string; readonly far: string; readonly farBinary: RedisBinary }
}

/** Ready once every Sentinel knows the others and both replicas. */
export async function startSentinelGroup({
  downAfterMs = 1000,
  places,
}: SentinelOptions = {}): Promise<SentinelGroup> {
  const { near = '127.0.0.1', far = near } = places ?? {}
  await using begun = new AsyncDisposableStack()
  const open = (host: string) => (places === undefined ? [] : ['--bind', host, '--protected-mode', 'no'])
  const beyond = places === undefined ? {} : { binary: places.farBinary }
  async function start(
    args: readonly string[],
    where: { readonly binary?: RedisBinary } = {},
  ): Promise<RedisServer> {
    const server = await startRedis({ ...where, args })
    begun.defer(() => server.stop())
    return server
  }
  const master = await start(open(near))
  const replicaOf = ['--replicaof', `${near} ${master.port}`, '--repl-diskless-sync-delay', '0', ...open(far)]
  const servers = [master, await start(replicaOf, beyond), await start(replicaOf, beyond)]
  const folder = await mkdtemp(join(tmpdir(), 'bandit-sentinel-'))
  begun.defer(() => rm(folder, { recursive: true, force: true }))
  const ports = [await freePort(), await freePort(), await freePort()]
  for (const port of ports) {
    const path = join(folder, `${port}.conf`)
    await writeFile(path, toConfig(`${near} ${master.port}`, downAfterMs))
    const sentinel = await startRedis({ ...beyond, port, dir: folder, sentinel: path, args: open(far) })
    begun.defer(() => sentinel.stop())
  }
  const asked = new Redis(ports[0]!, far).on('error', () => undefined)
  begun.defer(() => asked.disconnect())
  const facts = async () => {
    const flat = (await asked.call('SENTINEL', 'MASTER', name)) as string[]
    return new Map(flat.map((value, at) => [value, flat[at + 1]]))
  }
  await waitUntil(
    async () => {
      const known = await facts()
      return known.get('num-slaves') === '2' && known.get('num-other-sentinels') === '2'
    },
    { what: 'the Sentinels know everybody', timeoutMs: 30_000 },
  )
  const end = begun.move()
  return {
    url: `redis-sentinel://${ports.map((port) => `${far}:${port}`).join(',')}/${name}`,
    servers,
    async master() {
      const port = Number((await facts()).get('port'))
      return servers.find((server) => server.port === port)!
    },
    stop: () => end.disposeAsync(),
  }
}

function toConfig(master: string, downAfterMs: number): string {
  return [
    `sentinel monitor ${name} ${master} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 10000`,
    `sentinel parallel-syncs ${name} 2`,
  ].join('\n')
}
